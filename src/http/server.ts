import { randomUUID } from 'node:crypto';
import { METHODS, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import { type ErrorCode, RiskError } from '../risk/errors.js';
import { AllowedMethods } from './allowed-methods.js';
import { EXACT_NUMBERS, requireExactNumbers } from './exact-numbers.js';
import { PROBLEM_TYPE, problemDocument } from './problem.js';

export const BODY_BYTES_MAX = 1024 * 1024;
/** No address is longer: Node takes at most that many bytes of headers. */
const PARAMETER_LENGTH_MAX = 16 * 1024;

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;
/** What Fastify routes; the rest of Node's methods would be a bare 400. */
const ROUTED_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The Fastify server under Nest: limits, request ids, and one log line for each request. */
export function fastifyAdapter(logger: Logger): FastifyAdapter {
  return new FastifyAdapter({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    bodyLimit: BODY_BYTES_MAX,
    // A key __proto__ is an unknown field like others: the schemas name it.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    requestIdHeader: false,
    genReqId: (request: { headers: Record<string, unknown> }) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : newRequestId();
    },
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => refuseAddress(request, reply),
    clientErrorHandler: refuseConnection,
    forceCloseConnections: 'idle',
    // While it shuts down a request on an open connection is refused like others, with a problem document.
    return503OnClosing: false,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
  });
}

function newRequestId(): string {
  return `req_${randomUUID()}`;
}

export function registerHooks(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const allowedMethods = app.get(AllowedMethods);
  server.removeContentTypeParser('text/plain');
  allowEmptyJson(server);
  for (const method of METHODS) if (!ROUTED_METHODS.has(method)) addBodylessMethod(server, method);
  server.addHook('onRoute', (route) => allowedMethods.add(route.url, route.method));
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    logRequest(request, reply.statusCode, reply.elapsedTime);
    done();
  });
}

/** A client that always names JSON may send nothing: the schema of a route says whether that is enough. */
function allowEmptyJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('ignore', 'ignore');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    parse(request, String(body), (error, document) => {
      const refusal = error ?? (isExact(request) ? roundedNumbers(String(body)) : undefined);
      done(refusal ?? null, document);
    });
  });
}

const isExact = ({ routeOptions }: FastifyRequest) => EXACT_NUMBERS in routeOptions.config;

function roundedNumbers(text: string): Error | undefined {
  try {
    requireExactNumbers(text);
  } catch (error) {
    // So deep that only the schema can say it.
    return error instanceof RangeError ? undefined : (error as Error);
  }
  return undefined;
}

/** The router could not decode the address, so that no route, hook or filter gets to see the request. */
function refuseAddress(request: FastifyRequest, reply: FastifyReply): void {
  const error = new RiskError('malformed_request', 'expected an address whose %-escapes are UTF-8');
  reply
    .status(error.status)
    .header('x-request-id', request.id)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problemDocument(error, { requestId: request.id, url: request.url })));
}

/** What Node says of bytes that are no request. */
const CONNECTION_CODES: Record<string, readonly [ErrorCode, string]> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', `expected at most ${PARAMETER_LENGTH_MAX} bytes of headers, got more`],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'the request did not arrive in time'],
  HPE_INVALID_METHOD: ['malformed_request', 'expected an HTTP method'],
};

/** Answers on the bare connection, which is closed: there is no request to answer to. */
function refuseConnection(cause: Error & { code?: string }, socket: Socket): void {
  if (cause.code === 'ECONNRESET' || socket.destroyed) return;
  const [code, detail] = CONNECTION_CODES[cause.code ?? ''] ?? ['malformed_request', 'expected an HTTP/1.1 request'];
  const error = new RiskError(code, detail);
  const requestId = newRequestId();
  const body = JSON.stringify(problemDocument(error, { requestId, url: '' }));
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    `content-type: ${PROBLEM_TYPE}; charset=utf-8`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'connection: close',
  ];
  if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  else socket.destroy(cause);
}

/** An unusual method (QUERY, TRACE, …) is routed like any other, so that it is answered by 404 or 405. */
function addBodylessMethod(server: FastifyInstance, method: string): void {
  if (method !== 'CONNECT') server.addHttpMethod(method, { hasBody: false, overrideExisting: true });
}

function logRequest(request: FastifyRequest, status: number, elapsedMs: number): void {
  const line = { method: request.method, url: request.url, status, ms: Math.round(elapsedMs) };
  // 503 says that something else is away, which has its own line.
  request.log[status >= 500 && status !== 503 ? 'error' : 'debug'](line, 'request');
}
