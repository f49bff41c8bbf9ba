/** Fastify alone: parses the body and answers a canned reply. */
import { fastify } from 'fastify';

process.once('message', async ({ path, reply }: { path: string; reply: object }) => {
  const server = fastify();
  server.post(path, async () => reply);
  await server.listen({ host: '127.0.0.1', port: 0 });
  process.send!((server.server.address() as { port: number }).port);
});
