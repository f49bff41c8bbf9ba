/** Fastify alone: parses the order and answers a canned decision. */
import { fastify } from 'fastify';

process.once('message', async (decision: object) => {
  const server = fastify();
  server.post('/v1/orders/check', async () => decision);
  await server.listen({ host: '127.0.0.1', port: 0 });
  process.send!((server.server.address() as { port: number }).port);
});
