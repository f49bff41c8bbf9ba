import { Parser } from '@asyncapi/parser';
import { asyncApiDocument } from '../../../src/messaging/asyncapi.js';
import { SASL_MECHANISMS } from '../../../src/messaging/names.schema.js';

const brokers = ['broker-1:9092', '[::1]:9093'];

async function errorsOf(document: object): Promise<unknown[]> {
  const { diagnostics } = await new Parser().parse(JSON.stringify(document));
  return diagnostics.filter(({ severity }) => severity === 0).map(({ message, path }) => [path, message]);
}

describe('the servers of the AsyncAPI document', () => {
  it('are the brokers that the service begins with', async () => {
    const document = asyncApiDocument([], { brokers });
    expect(await errorsOf(document)).toEqual([]);
    expect(document).toMatchObject({
      servers: {
        kafka_1: { host: 'broker-1:9092', protocol: 'kafka' },
        kafka_2: { host: '[::1]:9093', protocol: 'kafka' },
      },
      components: { securitySchemes: {} },
    });
  });

  it.each(SASL_MECHANISMS)('say how one signs in by %s over TLS, and nothing secret', async (mechanism) => {
    const sasl = { mechanism, username: 'risk', password: 'hunter2' };
    const document = asyncApiDocument([], { brokers, tls: { keyFile: '/etc/key.pem' }, sasl });
    expect(await errorsOf(document)).toEqual([]);
    expect(document).toMatchObject({
      servers: {
        kafka_1: { protocol: 'kafka-secure', security: [{ $ref: `#/components/securitySchemes/${mechanism}` }] },
      },
      components: { securitySchemes: { [mechanism]: { type: expect.stringMatching(/^(plain|scramSha(256|512))$/) } } },
    });
    expect(JSON.stringify(document)).not.toMatch(/hunter2|"risk"|key\.pem/);
  });

  it('are this process where there is no broker', async () => {
    const document = asyncApiDocument([], undefined);
    expect(await errorsOf(document)).toEqual([]);
    expect(document).toMatchObject({ servers: { embedded: { protocol: 'embedded' } } });
  });
});
