import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseUnavailableError } from '../database/unavailable.js';
import { type ErrorCode, RiskError } from '../risk/errors.js';
import { AllowedMethods } from './allowed-methods.js';
import { PROBLEM_TYPE, problemDocument } from './problem.js';
import { BODY_BYTES_MAX } from './server.js';

/** What Fastify says of a request it could not take, in our words. */
const FASTIFY_CODES: Record<string, readonly [ErrorCode, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', `expected at most ${BODY_BYTES_MAX} bytes, got more`],
  FST_REQ_FILE_TOO_LARGE: ['payload_too_large', 'expected a smaller file'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed_json', 'expected a JSON document, got text that is none'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed_json', 'expected as many bytes as Content-Length says'],
};

/** Turns everything that is thrown while a request is handled into one problem document; nothing internal leaves. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(@Inject(AllowedMethods) private readonly allowedMethods: AllowedMethods) {}

  catch(exception: unknown, host: ArgumentsHost) {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = this.riskError(exception, request);
    if (error.code === 'internal') this.logger.error({ err: exception, request_id: request.id, url: request.url });
    if (reply.raw.headersSent) return reply.raw.destroy();
    if (error.code === 'method_not_allowed') reply.header('allow', this.allowedMethods.of(request.url).join(', '));
    if (error.status === 503 || error.status === 429) reply.header('retry-after', '1');
    // Fastify would cut the connection after a body it refused, and a client that still sends would not see the answer.
    reply.removeHeader('connection');
    return reply
      .status(error.status)
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(problemDocument(error, { requestId: request.id, url: request.url })));
  }

  private riskError(exception: unknown, request: FastifyRequest): RiskError {
    if (exception instanceof RiskError) return exception;
    if (exception instanceof DatabaseUnavailableError) {
      return new RiskError('dependency_unavailable', 'The database is away; the request was not carried out');
    }
    // Nest wraps what Fastify throws before a handler is reached.
    const cause = exception instanceof HttpException ? (exception.cause ?? exception) : exception;
    const { code = '', statusCode } = cause as { code?: string; statusCode?: number };
    if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
      const got = request.headers['content-type'] ?? 'no content type';
      return new RiskError('unsupported_media_type', `expected application/json, got ${got}`);
    }
    const known = FASTIFY_CODES[code];
    if (known) return new RiskError(...known);
    const status = exception instanceof HttpException ? exception.getStatus() : statusCode;
    // 403 is what the files of /docs answer to a path that leads out of their folder.
    if (status === 404 || status === 403) return this.unknownAddress(request);
    if (status === 400) return new RiskError('malformed_request', 'the request cannot be read');
    return new RiskError('internal', '');
  }

  private unknownAddress(request: FastifyRequest): RiskError {
    const methods = this.allowedMethods.of(request.url);
    return methods.length > 0
      ? new RiskError('method_not_allowed', `got ${request.method}, expected ${methods.join(' or ')}`)
      : new RiskError('not_found', `${request.method} ${request.url.split('?')[0]}`);
  }
}
