import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTlsFiles, TlsFilesError } from '../../../src/messaging/kafka/tls-files.js';
import { type Certificates, makeCertificates } from '../../support/certificates.js';

describe('the files of a TLS connection', () => {
  const directory = mkdtempSync(join(tmpdir(), 'redfire-tls-'));
  let files: Certificates;
  beforeAll(() => {
    files = makeCertificates(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const none = { caFile: undefined, certFile: undefined, keyFile: undefined };
  function problemsOf(given: Partial<Record<keyof typeof none, string>>): readonly string[] {
    try {
      readTlsFiles({ ...none, ...given });
    } catch (error) {
      if (error instanceof TlsFilesError) return error.problems;
      throw error;
    }
    return [];
  }

  it('are read', () => {
    const { caFile, clientCertFile: certFile, clientKeyFile: keyFile } = files;
    expect(readTlsFiles({ caFile, certFile, keyFile })).toEqual({
      ca: readFileSync(caFile, 'utf8'),
      cert: readFileSync(certFile, 'utf8'),
      key: readFileSync(keyFile, 'utf8'),
    });
    expect(readTlsFiles(none)).toEqual({});
  });

  it('are all named that cannot be used, and nothing of what they hold', () => {
    const empty = join(directory, 'empty.pem');
    writeFileSync(empty, 'secret-text');
    const problems = problemsOf({ caFile: join(directory, 'nowhere'), certFile: empty, keyFile: files.caFile });
    expect(problems).toEqual([
      'KAFKA_SSL_CA_FILE: the file cannot be read (ENOENT)',
      'KAFKA_SSL_CERT_FILE: expected a PEM file with a certificate',
      'KAFKA_SSL_KEY_FILE: expected a PEM file with a private key',
    ]);
  });

  it('go together, or are refused', () => {
    const strangeKey = join(directory, 'strange.key');
    expect(problemsOf({ certFile: files.clientCertFile, keyFile: strangeKey })).toEqual([
      expect.stringMatching(/^KAFKA_SSL_CERT_FILE, KAFKA_SSL_KEY_FILE: these do not go together or are damaged: /),
    ]);
  });

  it('hold no key that somebody would have to type a password for', () => {
    const keyFile = join(directory, 'encrypted.key');
    writeFileSync(keyFile, '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n');
    expect(problemsOf({ keyFile })).toEqual(['KAFKA_SSL_KEY_FILE: expected a key that is not encrypted']);
  });
});
