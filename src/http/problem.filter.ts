import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseUnavailableError } from '../database/unavailable.js';
import { ERROR_CODES, type ErrorCode, RiskError } from '../risk/errors.js';
import { AllowedMethods } from './allowed-methods.js';
import type { Problem } from './problem.schema.js';

/** What Fastify says of a request it could not take, in our words. */
const FASTIFY_CODES: Record<string, ErrorCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_REQ_FILE_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_json',
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
    if (error.status === 503) reply.header('retry-after', '1');
    return reply
      .status(error.status)
      .type('application/problem+json')
      .send(JSON.stringify(problem(error, request)));
  }

  private riskError(exception: unknown, request: FastifyRequest): RiskError {
    if (exception instanceof RiskError) return exception;
    if (exception instanceof DatabaseUnavailableError) {
      return new RiskError('dependency_unavailable', 'The database is away; the request was not carried out');
    }
    // Nest wraps what Fastify throws before a handler is reached.
    const cause = exception instanceof HttpException ? (exception.cause ?? exception) : exception;
    const { code, statusCode, message } = cause as { code?: string; statusCode?: number; message?: string };
    const known = code === undefined ? undefined : FASTIFY_CODES[code];
    if (known === 'unsupported_media_type') {
      return new RiskError(known, `got ${request.headers['content-type'] ?? 'no content type'}`);
    }
    if (known) return new RiskError(known, message ?? '');
    if (cause instanceof SyntaxError && statusCode === 400) return new RiskError('malformed_json', message ?? '');
    const status = exception instanceof HttpException ? exception.getStatus() : statusCode;
    if (status === 404) return this.unknownAddress(request);
    if (status === 400) return new RiskError('validation_failed', message ?? '');
    return new RiskError('internal', '');
  }

  private unknownAddress(request: FastifyRequest): RiskError {
    const methods = this.allowedMethods.of(request.url);
    return methods.length > 0
      ? new RiskError('method_not_allowed', `got ${request.method}, expected ${methods.join(' or ')}`)
      : new RiskError('not_found', `${request.method} ${request.url.split('?')[0]}`);
  }
}

function problem(error: RiskError, request: FastifyRequest): Problem {
  const [status, title] = ERROR_CODES[error.code];
  return {
    type: `/problems/${error.code}`,
    title,
    status,
    code: error.code,
    ...(error.message && { detail: error.message }),
    request_id: request.id,
    instance: request.url.split('?')[0]!,
    ...(error.details.errors && { errors: [...error.details.errors] }),
    ...error.details.members,
  };
}
