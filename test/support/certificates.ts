import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** PEM files of an authority of our own, a broker at 127.0.0.1 and a client, and of an authority that signed neither. */
export interface Certificates {
  readonly caFile: string;
  readonly strangeCaFile: string;
  /** Key and certificate in one file, as the broker wants it. */
  readonly brokerFile: string;
  readonly clientCertFile: string;
  readonly clientKeyFile: string;
}

/** Made by openssl, which comes with every Java; valid for two days. */
export function makeCertificates(directory: string): Certificates {
  const at = (name: string) => join(directory, name);
  const openssl = (...options: string[]) => execFileSync('openssl', options, { cwd: directory, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = (name: string) => {
    const extensions = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=keyCertSign'];
    openssl(
      'req',
      '-x509',
      ...key,
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      ...extensions,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );
  };
  const signed = (name: string, extensions: string) => {
    openssl('req', ...key, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    writeFileSync(at(`${name}.ext`), extensions);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
    openssl('x509', '-req', '-in', `${name}.csr`, '-days', '2', ...by, '-out', `${name}.pem`);
  };
  authority('ca');
  authority('strange');
  signed('broker', 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n');
  signed('client', 'extendedKeyUsage=clientAuth\n');
  writeFileSync(at('broker.both.pem'), readFileSync(at('broker.key'), 'utf8') + readFileSync(at('broker.pem'), 'utf8'));
  return {
    caFile: at('ca.pem'),
    strangeCaFile: at('strange.pem'),
    brokerFile: at('broker.both.pem'),
    clientCertFile: at('client.pem'),
    clientKeyFile: at('client.key'),
  };
}
