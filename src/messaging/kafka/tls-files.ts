import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** Where the PEM texts of a TLS connection stand. */
export interface TlsFiles {
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

/** What Node wants of a TLS connection, as PEM texts. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

const VARIABLES = { ca: 'KAFKA_SSL_CA_FILE', cert: 'KAFKA_SSL_CERT_FILE', key: 'KAFKA_SSL_KEY_FILE' } as const;
type Part = keyof typeof VARIABLES;

/** Some of the files cannot be used: one problem for each, by the name of its variable, without anything of its content. */
export class TlsFilesError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '));
  }
}

/** Reads the files and tries whether they are what they should be. Throws {@link TlsFilesError}. */
export function readTlsFiles({ caFile, certFile, keyFile }: TlsFiles): TlsOptions {
  const problems: string[] = [];
  const read = (part: Part, path: string | undefined): TlsOptions => {
    if (path === undefined) return {};
    const found = pemOf(path, part);
    if ('text' in found) return { [part]: found.text };
    problems.push(`${VARIABLES[part]}: ${found.problem}`);
    return {};
  };
  const options = { ...read('ca', caFile), ...read('cert', certFile), ...read('key', keyFile) };
  if (problems.length > 0) throw new TlsFilesError(problems);
  try {
    createSecureContext(options);
  } catch (error) {
    const names = (Object.keys(options) as Part[]).map((part) => VARIABLES[part]).join(', ');
    throw new TlsFilesError([`${names}: these do not go together or are damaged: ${(error as Error).message}`]);
  }
  return options;
}

/** By the first line of its kind: a file with something else would fail later, in words of the TLS library. */
function pemOf(path: string, part: Part): { text: string } | { problem: string } {
  const wanted = part === 'key' ? /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/ : /-----BEGIN (?:[A-Z]+ )*CERTIFICATE-----/;
  try {
    const text = readFileSync(path, 'utf8');
    if (!wanted.test(text))
      return { problem: `expected a PEM file with a ${part === 'key' ? 'private key' : 'certificate'}` };
    // Nobody is there to type its password.
    if (/ENCRYPTED/.test(text) && part === 'key') return { problem: 'expected a key that is not encrypted' };
    return { text };
  } catch (error) {
    return { problem: `the file cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
}
