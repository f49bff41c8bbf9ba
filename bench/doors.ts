import { loadavg } from 'node:os';
import { KafkaServer } from '../scripts/services/kafka-server.js';
import { PostgresServer } from '../scripts/services/postgres-server.js';
import { ServiceProcess } from '../test/support/service.js';
import { storeFirm } from './doors/firm.js';
import { httpDoor } from './doors/http-door.js';
import { kafkaDoor } from './doors/kafka-door.js';
import { print } from './report.js';

/** The built service with its servers, order by order, beside the least that could answer at all. */
export async function orderDoors(): Promise<void> {
  print(`\nthe built service (npm run build), PostgreSQL and Kafka on this machine; load ${loadavg()[0]!.toFixed(1)}`);
  const postgres = await PostgresServer.create({ fast: true });
  const kafka = await KafkaServer.create({ fast: true });
  let service: ServiceProcess | undefined;
  try {
    await Promise.all([postgres.start(), kafka.start()]);
    service = await ServiceProcess.start({
      DATABASE_URL: postgres.url(),
      KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers,
      KAFKA_COMPRESSION_TYPE: 'none',
    });
    await storeFirm(service);
    await httpDoor(service);
    await kafkaDoor({ brokers: [kafka.bootstrapServers], service, postgresPid: postgres.pid });
  } finally {
    await service?.destroy();
    await Promise.all([postgres.destroy(), kafka.destroy()]);
  }
}
