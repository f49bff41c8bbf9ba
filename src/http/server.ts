import { randomUUID } from 'node:crypto';
import { METHODS } from 'node:http';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import { AllowedMethods } from './allowed-methods.js';

export const BODY_BYTES_MAX = 1024 * 1024;

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;
/** What Fastify routes; the rest of Node's methods would be a bare 400. */
const ROUTED_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The Fastify server under Nest: limits, request ids, and one log line for each request. */
export function fastifyAdapter(logger: Logger): FastifyAdapter {
  return new FastifyAdapter({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    requestIdHeader: false,
    genReqId: (request: { headers: Record<string, unknown> }) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : `req_${randomUUID()}`;
    },
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 256 },
  });
}

export function registerHooks(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const allowedMethods = app.get(AllowedMethods);
  for (const method of METHODS) if (!ROUTED_METHODS.has(method)) addBodylessMethod(server, method);
  server.addHook('onRoute', (route) => allowedMethods.add(route.url, route.method));
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  server.addHook('onResponse', async (request, reply) => logRequest(request, reply.statusCode, reply.elapsedTime));
}

/** An unusual method (QUERY, TRACE, …) is routed like any other, so that it is answered by 404 or 405. */
function addBodylessMethod(server: FastifyInstance, method: string): void {
  if (method !== 'CONNECT') server.addHttpMethod(method, { hasBody: false, overrideExisting: true });
}

function logRequest(request: FastifyRequest, status: number, elapsedMs: number): void {
  const line = { request_id: request.id, method: request.method, url: request.url, status, ms: Math.round(elapsedMs) };
  request.log[status >= 500 ? 'error' : 'debug'](line, 'request');
}
