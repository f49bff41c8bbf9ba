import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, loadConfig, parseConfig } from '../../src/config.js';

function problemsOf(variables: Record<string, string>): readonly string[] {
  try {
    parseConfig(variables);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('configuration', () => {
  it('starts without a single variable, on this machine only, with the embedded database and demo data', () => {
    expect(parseConfig({})).toEqual({
      http: { host: '127.0.0.1', port: 3000 },
      log: { level: 'info' },
      dataDir: './data',
      database: { url: undefined },
      cache: {
        memory: { entriesMax: 1_000, bytesMax: 104_857_600 },
        files: { dir: 'data/cache', filesMax: 10_000, ttlSeconds: 86_400 },
      },
      demo: true,
      risk: { confidenceLevel: 0.95 },
      orders: {
        defaultAccountId: 'default',
        decisionDetail: 'nearest',
        retentionDays: 90,
        maxAgeSeconds: 300,
        approvalTtlSeconds: 300,
        maxVarRatio: 0.05,
        maxPositionRatio: 0.2,
        sessionStart: '00:00Z',
      },
      workers: { threads: undefined },
    });
  });

  it('takes every variable', () => {
    const config = parseConfig({
      HOST: '0.0.0.0',
      PORT: '8080',
      LOG_LEVEL: 'warn',
      DATA_DIR: '/var/lib/redfire',
      DATABASE_URL: 'postgres://risk:pw@db:5432/risk',
      KAFKA_BOOTSTRAP_SERVERS: 'broker-1:9092, [::1]:9093',
      KAFKA_CLIENT_ID_PREFIX: 'desk',
      KAFKA_COMPRESSION_TYPE: 'zstd',
      KAFKA_SSL: 'true',
      KAFKA_SSL_CA_FILE: '/etc/ca.pem',
      KAFKA_SSL_CERT_FILE: '/etc/cert.pem',
      KAFKA_SSL_KEY_FILE: '/etc/key.pem',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'risk',
      KAFKA_SASL_PASSWORD: 'pw',
      REDIS_URL: 'rediss://:pw@cache:6380',
      REDIS_DB: '3',
      REDIS_KEY_PREFIX: 'desk:',
      CACHE_L1_MAX_SIZE: '500',
      CACHE_L1_MAX_MEMORY_MB: '8',
      CACHE_L2_TTL_SECONDS: '600',
      CACHE_L3_DIR: '/var/cache/redfire',
      CACHE_L3_MAX_FILES: '50',
      CACHE_L3_TTL_SECONDS: '7200',
      RISK_DEMO: 'true',
      RISK_VAR_CONFIDENCE_LEVEL: '0.9999',
      RISK_MAX_VAR_RATIO: '0.1',
      RISK_MAX_POSITION_RATIO: '1.5',
      RISK_SESSION_START: '21:30Z',
      DEFAULT_ACCOUNT_ID: 'house',
      ORDER_MAX_AGE_SECONDS: '5',
      APPROVAL_TTL_SECONDS: '60',
      DECISION_DETAIL: 'full',
      DECISION_RETENTION_DAYS: '365',
      WORKER_THREADS: '8',
    });
    expect(config).toEqual({
      http: { host: '0.0.0.0', port: 8080 },
      log: { level: 'warn' },
      dataDir: '/var/lib/redfire',
      database: { url: 'postgres://risk:pw@db:5432/risk' },
      kafka: {
        brokers: ['broker-1:9092', '[::1]:9093'],
        clientId: 'desk-risk',
        compression: 'zstd',
        tls: { caFile: '/etc/ca.pem', certFile: '/etc/cert.pem', keyFile: '/etc/key.pem' },
        sasl: { mechanism: 'scram-sha-512', username: 'risk', password: 'pw' },
      },
      cache: {
        memory: { entriesMax: 500, bytesMax: 8_388_608 },
        redis: { url: 'rediss://:pw@cache:6380', db: 3, keyPrefix: 'desk:', ttlSeconds: 600 },
        files: { dir: '/var/cache/redfire', filesMax: 50, ttlSeconds: 7_200 },
      },
      demo: true,
      risk: { confidenceLevel: 0.9999 },
      orders: {
        defaultAccountId: 'house',
        decisionDetail: 'full',
        retentionDays: 365,
        maxAgeSeconds: 5,
        approvalTtlSeconds: 60,
        maxVarRatio: 0.1,
        maxPositionRatio: 1.5,
        sessionStart: '21:30Z',
      },
      workers: { threads: 8 },
    });
  });

  it('names every bad variable at once, with what was got and what is expected', () => {
    const problems = problemsOf({
      PORT: '70000',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://risk:hunter2@db/risk',
      KAFKA_BOOTSTRAP_SERVERS: 'broker-1:99999',
      KAFKA_COMPRESSION_TYPE: 'rar',
      RISK_DEMO: 'yes',
      RISK_VAR_CONFIDENCE_LEVEL: '95',
      WORKER_THREADS: '0',
    });
    expect(problems).toEqual([
      'PORT: got "70000", expected an integer from 0 to 65535',
      'LOG_LEVEL: got "loud", expected fatal, error, warn, info, debug, trace or silent',
      'DATABASE_URL: got (hidden), expected postgres://user:password@host:port/database',
      'KAFKA_BOOTSTRAP_SERVERS: got "broker-1:99999", expected host:port,host:port',
      'KAFKA_COMPRESSION_TYPE: got "rar", expected none, gzip, snappy, lz4 or zstd',
      'RISK_DEMO: got "yes", expected true or false',
      'RISK_VAR_CONFIDENCE_LEVEL: got "95", expected a number above 0.5 and below 1 with at most four decimals',
      'WORKER_THREADS: got "0", expected an integer from 1 to 64',
    ]);
  });

  it('keeps no files where their number is 0, and keeps them beside the data otherwise', () => {
    expect(parseConfig({ CACHE_L3_MAX_FILES: '0' }).cache.files).toBeUndefined();
    expect(parseConfig({ DATA_DIR: '/srv/data' }).cache.files?.dir).toBe('/srv/data/cache');
  });

  it('writes all problems into the message that the start prints', () => {
    expect(() => parseConfig({ PORT: 'http', RISK_DEMO: '1' })).toThrow(
      'The configuration is not valid:\n  ✗ PORT: got "http", expected an integer from 0 to 65535\n  ✗ RISK_DEMO: got "1", expected true or false',
    );
  });

  it('never shows the password of a database address', () => {
    for (const url of ['mysql://risk:hunter2@db/risk', 'risk:hunter2@db', 'postgres//risk:hunter2@db']) {
      const problems = problemsOf({ DATABASE_URL: url, PORT: 'x' });
      expect(problems).toHaveLength(2);
      expect(problems.join()).not.toContain('hunter2');
    }
    expect(problemsOf({ REDIS_URL: 'http://:hunter2@cache' }).join()).not.toContain('hunter2');
  });

  it.each([
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '3000.5'],
    ['WORKER_THREADS', '65'],
    ['WORKER_THREADS', '1.5'],
    ['RISK_VAR_CONFIDENCE_LEVEL', '0.5'],
    ['RISK_VAR_CONFIDENCE_LEVEL', '1'],
    ['RISK_VAR_CONFIDENCE_LEVEL', '0.99999'],
    // Rounds to 9500 basis points but is not 0.95: value at risk would refuse it at every request.
    ['RISK_VAR_CONFIDENCE_LEVEL', '0.95000000000001'],
    ['DATABASE_URL', 'http://db/risk'],
    ['RISK_MAX_VAR_RATIO', '0'],
    ['RISK_MAX_POSITION_RATIO', '0.123456789'],
    ['RISK_SESSION_START', '24:00Z'],
    ['RISK_SESSION_START', '09:30'],
    ['DEFAULT_ACCOUNT_ID', 'my account'],
    ['ORDER_MAX_AGE_SECONDS', '0'],
    ['APPROVAL_TTL_SECONDS', '1.5'],
    ['DECISION_DETAIL', 'all'],
    ['DECISION_RETENTION_DAYS', 'ever'],
    ['REDIS_URL', 'http://:hunter2@cache'],
    ['REDIS_URL', 'redis://cache:6379/abc'],
    ['REDIS_URL', 'redis://cache:6379?db=5'],
    ['REDIS_DB', '-1'],
    ['REDIS_KEY_PREFIX', 'two words'],
    ['CACHE_L1_MAX_SIZE', '0'],
    ['CACHE_L1_MAX_MEMORY_MB', '0.5'],
    ['CACHE_L2_TTL_SECONDS', '0'],
    ['CACHE_L3_MAX_FILES', '-1'],
    ['CACHE_L3_TTL_SECONDS', '604801'],
  ])('refuses %s=%s with one problem', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining(`${name}: got `)]);
  });

  describe('of a Kafka that wants to know its clients', () => {
    const brokers = { KAFKA_BOOTSTRAP_SERVERS: 'broker-1:9092' };

    it('is off where nothing says otherwise', () => {
      const { kafka } = parseConfig({ ...brokers, KAFKA_SSL: 'false' });
      expect([kafka?.tls, kafka?.sasl]).toEqual([undefined, undefined]);
    });

    it('needs no file for brokers with a certificate of a usual authority', () => {
      expect(parseConfig({ ...brokers, KAFKA_SSL: 'true' }).kafka?.tls).toEqual({});
    });

    it.each<[Record<string, string>, string[]]>([
      [
        { ...brokers, KAFKA_SASL_MECHANISM: 'plain' },
        [
          'KAFKA_SASL_USERNAME: got nothing, expected it beside KAFKA_SASL_MECHANISM',
          'KAFKA_SASL_PASSWORD: got nothing, expected it beside KAFKA_SASL_MECHANISM',
        ],
      ],
      [
        { ...brokers, KAFKA_SASL_USERNAME: 'risk', KAFKA_SASL_PASSWORD: 'hunter2' },
        ['KAFKA_SASL_MECHANISM: got nothing, expected it beside KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD'],
      ],
      [
        { ...brokers, KAFKA_SSL: 'true', KAFKA_SSL_CERT_FILE: 'c.pem' },
        ['KAFKA_SSL_KEY_FILE: got nothing, expected it beside KAFKA_SSL_CERT_FILE'],
      ],
      [{ ...brokers, KAFKA_SSL_CA_FILE: 'ca.pem' }, ['KAFKA_SSL: got nothing, expected true beside KAFKA_SSL_CA_FILE']],
      [
        { ...brokers, KAFKA_SSL: 'false', KAFKA_SSL_KEY_FILE: 'k.pem' },
        [
          'KAFKA_SSL: got "false", expected true beside KAFKA_SSL_KEY_FILE',
          'KAFKA_SSL_CERT_FILE: got nothing, expected it beside KAFKA_SSL_KEY_FILE',
        ],
      ],
      [{ KAFKA_SSL: 'true' }, ['KAFKA_BOOTSTRAP_SERVERS: got nothing, expected brokers beside KAFKA_SSL']],
      [
        { KAFKA_SASL_MECHANISM: 'kerberos', KAFKA_SASL_PASSWORD: 'hunter2', PORT: 'x' },
        [
          'PORT: got "x", expected an integer from 0 to 65535',
          'KAFKA_SASL_MECHANISM: got "kerberos", expected plain, scram-sha-256 or scram-sha-512',
          'KAFKA_BOOTSTRAP_SERVERS: got nothing, expected brokers beside KAFKA_SASL_MECHANISM and KAFKA_SASL_PASSWORD',
          'KAFKA_SASL_USERNAME: got nothing, expected it beside KAFKA_SASL_MECHANISM and KAFKA_SASL_PASSWORD',
        ],
      ],
    ])('is never half on: %j', (variables, expected) => {
      const problems = problemsOf(variables);
      expect(problems).toEqual(expected);
      expect(problems.join()).not.toContain('hunter2');
    });
  });

  it('takes the bounds themselves', () => {
    expect(parseConfig({ PORT: '0' }).http.port).toBe(0);
    expect(parseConfig({ PORT: '65535' }).http.port).toBe(65535);
    expect(parseConfig({ WORKER_THREADS: '64' }).workers.threads).toBe(64);
    expect(parseConfig({ RISK_VAR_CONFIDENCE_LEVEL: '0.5001' }).risk.confidenceLevel).toBe(0.5001);
  });

  it('takes an empty or blank variable as unset, so that compose files may leave it open', () => {
    const blank = {
      HOST: '',
      PORT: ' ',
      LOG_LEVEL: '',
      DATA_DIR: '',
      DATABASE_URL: '',
      RISK_DEMO: '',
      WORKER_THREADS: '',
    };
    expect(parseConfig({ ...blank, RISK_VAR_CONFIDENCE_LEVEL: '\t' })).toEqual(parseConfig({}));
  });

  it('loads demo data by default into the embedded database only', () => {
    const external = 'postgresql://risk@db/risk';
    expect(parseConfig({}).demo).toBe(true);
    expect(parseConfig({ DATABASE_URL: external }).demo).toBe(false);
    expect(parseConfig({ DATABASE_URL: external, RISK_DEMO: 'true' }).demo).toBe(true);
    expect(parseConfig({ RISK_DEMO: 'false' }).demo).toBe(false);
    expect(parseConfig({ DATABASE_URL: '' }).demo).toBe(true);
  });

  it('ignores the rest of the environment', () => {
    expect(parseConfig({ PATH: '/bin', npm_config_port: '1' })).toEqual(parseConfig({}));
  });

  it('cannot be changed after the start, at no depth', () => {
    const config = parseConfig({});
    expect(() => Object.assign(config, { demo: false })).toThrow(TypeError);
    expect(() => Object.assign(config.http, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.risk, { confidenceLevel: 0.5 })).toThrow(TypeError);
  });
});

describe('.env of the working directory', () => {
  const home = process.cwd();
  const before = { ...process.env };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'redfire-config-'));
    process.chdir(folder);
    for (const name of ['HOST', 'PORT', 'LOG_LEVEL', 'DATABASE_URL']) delete process.env[name];
  });
  afterEach(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
    for (const name of ['HOST', 'PORT', 'LOG_LEVEL', 'DATABASE_URL']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  it('lies under the process environment, which wins', () => {
    writeFileSync('.env', '# local\nPORT=4000\nLOG_LEVEL=debug\n');
    process.env['PORT'] = '5000';
    expect(loadConfig()).toMatchObject({ http: { port: 5000 }, log: { level: 'debug' } });
  });

  it('need not exist', () => {
    expect(loadConfig().http.port).toBe(3000);
  });

  it('is checked like the environment', () => {
    writeFileSync('.env', 'PORT=none\n');
    expect(() => loadConfig()).toThrow('PORT: got "none", expected an integer from 0 to 65535');
  });
});
