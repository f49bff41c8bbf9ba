import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KafkaServer } from '../../scripts/services/kafka-server.js';
import { type Certificates, makeCertificates } from '../support/certificates.js';
import { ServiceProcess } from '../support/service.js';
import { eventually } from '../support/wait.js';

const PASSWORD = 'correct-horse-battery';

let directory: string;
let files: Certificates;
let broker: KafkaServer;
const services: ServiceProcess[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'redfire-e2e-tls-'));
  files = makeCertificates(directory);
  const { brokerFile, caFile } = files;
  broker = await KafkaServer.create({ secure: { brokerFile, caFile, users: { risk: PASSWORD } } });
  await broker.start();
}, 120_000);
afterEach(() => Promise.all(services.splice(0).map((service) => service.destroy())));
afterAll(async () => {
  await broker?.destroy();
  rmSync(directory, { recursive: true, force: true });
});

async function serviceWith(env: Record<string, string>): Promise<ServiceProcess> {
  const service = await ServiceProcess.start({ RISK_DEMO: 'false', ...env });
  services.push(service);
  return service;
}

const at = (kind: 'sasl' | 'ssl' | 'saslSsl') => ({
  KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${broker.address.secure![kind]}`,
});
const signIn = (password = PASSWORD) => ({
  KAFKA_SASL_MECHANISM: 'scram-sha-256',
  KAFKA_SASL_USERNAME: 'risk',
  KAFKA_SASL_PASSWORD: password,
});

async function expectToRun(service: ServiceProcess): Promise<void> {
  const stats = () => service.get<{ is_running: boolean }>('/v1/messaging/stats');
  await eventually(stats, ({ body }) => body.is_running, 60_000);
  const sent = await service.post('/v1/messaging/topics/market_data/messages', { messages: [{ value: { a: 1 } }] });
  expect(sent.body).toMatchObject({ success: 1 });
}

it('signs in over an encrypted connection, and no password reaches the log', async () => {
  const service = await serviceWith({
    ...{ ...at('saslSsl'), ...signIn(), LOG_LEVEL: 'trace' },
    ...{ KAFKA_SSL: 'true', KAFKA_SSL_CA_FILE: files.caFile },
  });
  await expectToRun(service);
  const { body } = await service.get<{ servers: object }>('/asyncapi.json');
  expect(body.servers).toMatchObject({ kafka_1: { protocol: 'kafka-secure' } });
  expect(service.output).not.toContain(PASSWORD);
  // Whose database is this process.
  expect(service.output).toMatch(/"level":40.*Kafka with the embedded database: run this service once/);
});

it('shows its certificate', async () => {
  const { caFile, clientCertFile, clientKeyFile } = files;
  const service = await serviceWith({
    ...{ ...at('ssl'), KAFKA_SSL: 'true', KAFKA_SSL_CA_FILE: caFile },
    ...{ KAFKA_SSL_CERT_FILE: clientCertFile, KAFKA_SSL_KEY_FILE: clientKeyFile },
  });
  await expectToRun(service);
});

it('starts with a wrong password, is degraded and says why', async () => {
  const service = await serviceWith({ ...at('sasl'), ...signIn('wrong-horse'), KAFKA_SASL_MECHANISM: 'plain' });
  const { body } = await eventually(
    () => service.get<{ status: string; error: Record<string, { reason: string }> }>('/health'),
    ({ body }) => body.status === 'degraded' && /authentication/i.test(body.error['messaging']!.reason),
  );
  expect(JSON.stringify(body)).not.toContain('wrong-horse');
  expect(service.output).not.toContain('wrong-horse');
  expect(service.output).toContain('the password crosses the network readable');
});

it('does not start with half of it, or with files that are something else, and names every variable', async () => {
  const half = await serviceWith({ ...at('sasl'), KAFKA_SASL_PASSWORD: PASSWORD, KAFKA_SSL_CA_FILE: files.caFile });
  expect(await half.end()).toBe(1);
  for (const name of ['KAFKA_SSL', 'KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME']) {
    expect(half.output).toContain(`${name}: got nothing, expected`);
  }
  expect(half.output).not.toContain(PASSWORD);
  const note = join(directory, 'note.txt');
  writeFileSync(note, PASSWORD);
  const wrong = await serviceWith({
    ...{ ...at('ssl'), KAFKA_SSL: 'true', KAFKA_SSL_CA_FILE: join(directory, 'nowhere.pem') },
    ...{ KAFKA_SSL_CERT_FILE: files.clientCertFile, KAFKA_SSL_KEY_FILE: note },
  });
  expect(await wrong.end()).toBe(1);
  expect(wrong.output).toContain('✗ KAFKA_SSL_CA_FILE: the file cannot be read (ENOENT)');
  expect(wrong.output).toContain('✗ KAFKA_SSL_KEY_FILE: expected a PEM file with a private key');
  expect(wrong.output).not.toContain(PASSWORD);
});
