import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { SecurePorts } from '../../../scripts/services/kafka/secure-listeners.js';
import { KafkaServer } from '../../../scripts/services/kafka-server.js';
import { KafkaDriver } from '../../../src/messaging/kafka/kafka-driver.js';
import type { KafkaOptions } from '../../../src/messaging/kafka/options.js';
import { readTlsFiles } from '../../../src/messaging/kafka/tls-files.js';
import { SASL_MECHANISMS } from '../../../src/messaging/names.schema.js';
import { type Certificates, makeCertificates } from '../../support/certificates.js';
import { numbered, read, sendAll, textOf, uniqueName, until } from '../../support/messaging.js';

const USER = { username: 'risk', password: 'correct-horse-battery' };

describe('a Kafka broker that wants to know its clients', () => {
  const directory = mkdtempSync(join(tmpdir(), 'redfire-certificates-'));
  const drivers: KafkaDriver[] = [];
  const lines: string[] = [];
  let server: KafkaServer;
  let files: Certificates;
  let ports: SecurePorts;

  beforeAll(async () => {
    files = makeCertificates(directory);
    const { brokerFile, caFile } = files;
    const users = { [USER.username]: USER.password };
    server = await KafkaServer.create({ secure: { brokerFile, caFile, users } });
    await server.start();
    ports = server.address.secure!;
  }, 120_000);
  afterEach(() => Promise.all(drivers.splice(0).map((driver) => driver.stop(5_000))));
  afterAll(async () => {
    await server?.destroy();
    rmSync(directory, { recursive: true, force: true });
  });

  function driverOn(port: number, security: Pick<KafkaOptions, 'tls' | 'sasl'>): KafkaDriver {
    const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
    const brokers = [`127.0.0.1:${port}`];
    const driver = new KafkaDriver({ brokers, clientId: 'secure', compression: 'none', logger, ...security });
    drivers.push(driver);
    return driver;
  }

  const trusted = () => readTlsFiles({ caFile: files.caFile, certFile: undefined, keyFile: undefined });
  const known = () =>
    readTlsFiles({ caFile: files.caFile, certFile: files.clientCertFile, keyFile: files.clientKeyFile });

  /** Creates a topic, sends, and reads it all as a member of a group. */
  async function expectToWork(driver: KafkaDriver): Promise<void> {
    const topic = uniqueName('secure');
    driver.start([{ name: topic, partitions: 2 }]);
    await until('the topic is there', () => driver.ensured.length === 1);
    await sendAll(driver, topic, numbered(0, 100));
    const { values } = read(driver, topic, uniqueName('group'));
    await until('all have come', () => values().length === 100);
    expect(
      (await driver.last(topic, 100))!
        .map(textOf)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(numbered(0, 100).map(textOf).map(Number));
  }

  async function reasonOfFailure(driver: KafkaDriver): Promise<string> {
    driver.start([]);
    await until('it failed', () => driver.status.reason?.includes('cannot be reached') === true);
    expect(driver.status.state).toBe('CONNECTING');
    return driver.status.reason!;
  }

  it.each(SASL_MECHANISMS)('takes one that signs in by %s', async (mechanism) => {
    await expectToWork(driverOn(ports.sasl, { sasl: { mechanism, ...USER } }));
  });

  it('takes one that shows its certificate', async () => {
    await expectToWork(driverOn(ports.ssl, { tls: known() }));
  });

  it('takes one that signs in over an encrypted connection', async () => {
    await expectToWork(driverOn(ports.saslSsl, { tls: trusted(), sasl: { mechanism: 'scram-sha-512', ...USER } }));
  });

  it.each(SASL_MECHANISMS)('refuses a wrong password by %s, and the reason says so without it', async (mechanism) => {
    const sasl = { mechanism, username: USER.username, password: 'wrong-horse' };
    const reason = await reasonOfFailure(driverOn(ports.sasl, { sasl }));
    expect(reason).toMatch(/authentication/i);
    expect(reason).not.toContain('wrong-horse');
  });

  it('is not trusted where its certificate comes from elsewhere', async () => {
    const tls = readTlsFiles({
      caFile: files.strangeCaFile,
      certFile: files.clientCertFile,
      keyFile: files.clientKeyFile,
    });
    expect(await reasonOfFailure(driverOn(ports.ssl, { tls }))).toMatch(/certificate/);
    // Without our authority: those of the system did not sign it either.
    expect(await reasonOfFailure(driverOn(ports.saslSsl, { tls: {}, sasl: { mechanism: 'plain', ...USER } }))).toMatch(
      /certificate/,
    );
  });

  it('refuses one without a certificate, and one that does not encrypt', async () => {
    await reasonOfFailure(driverOn(ports.ssl, { tls: trusted() }));
    await reasonOfFailure(driverOn(ports.ssl, {}));
    await reasonOfFailure(driverOn(ports.sasl, {}));
  });

  it('has seen no password in a log line, of the most talkative level', () => {
    expect(lines.length).toBeGreaterThan(100);
    for (const secret of [USER.password, 'wrong-horse', Buffer.from(USER.password).toString('base64'), 'PRIVATE KEY']) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
  });
});
