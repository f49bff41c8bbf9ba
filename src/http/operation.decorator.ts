import { applyDecorators, HttpCode, UseInterceptors } from '@nestjs/common';
import { ApiExtension, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../risk/errors.js';
import type { JsonText } from '../risk/json-text.js';
import { AcceptedInterceptor } from './accepted.interceptor.js';
import { problemSchema } from './problem.schema.js';

/** A request and its reply as a client would write them; the e2e tests replay it. */
export interface OperationExample {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string | number | boolean>>;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** Media type of `body`; JSON when absent. */
  contentType?: string;
  /** Absent for a reply without body. */
  reply?: unknown;
  /** The job, where the work becomes one. */
  accepted?: unknown;
}

export interface OperationOptions<Reply extends z.ZodType, Accepted extends z.ZodType> {
  /** One sentence. */
  summary: string;
  description?: string;
  /** Schema of the reply; the method's return type is held against it. Absent: no body. */
  reply?: Reply;
  /** The job that work becomes, if long or always, answered with 202 and its address. */
  accepted?: Accepted;
  /** 200, 202 where there is only a job, 204 where there is neither. */
  status?: number;
  errors?: readonly ErrorCode[];
  /** The body by its media types, where it is no JSON that a schema parses. */
  bodies?: Extract<Parameters<typeof ApiOperation>[0]['requestBody'], { content: unknown }>['content'];
  example: OperationExample;
}

type Answer<Reply> = Reply | JsonText<Reply>;
type Handler<Reply> = (...args: never[]) => Answer<Reply> | Promise<Answer<Reply>>;

/**
 * Everything OpenAPI says of a route, in one place: its summary, its reply and problems, and one example. The reply's
 * schema is the method's return type, so the document and the code cannot drift apart.
 */
export function Operation<Reply extends z.ZodType, Accepted extends z.ZodType = z.ZodNever>(
  options: OperationOptions<Reply, Accepted>,
) {
  const status = options.status ?? (options.reply ? 200 : options.accepted ? 202 : 204);
  // The replies stand beside their schemas.
  const { reply: _reply, accepted: _accepted, ...request } = options.example;
  const decorate = applyDecorators(
    HttpCode(status),
    ApiOperation({
      summary: options.summary,
      description: options.description,
      ...(options.bodies && { requestBody: { required: true, content: options.bodies } }),
    }),
    ...(options.reply ? [success(status, options.reply, options.example)] : []),
    ...(options.accepted ? accepted(options.accepted, options.example) : []),
    ...(status === 204 ? [ApiResponse({ status, description: 'Done, no body' })] : []),
    ...problemResponses(options.errors ?? []),
    ApiExtension('x-example', request),
  );
  return <Method extends Handler<z.input<Reply> | z.input<Accepted>>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<Method>,
  ) => decorate(target, key, descriptor);
}

function success(status: number, schema: z.ZodType, { reply }: OperationExample) {
  return ApiResponse({ status, description: 'Success', standardSchema: schema, example: reply });
}

function accepted(schema: z.ZodType, { accepted: example }: OperationExample) {
  return [
    UseInterceptors(AcceptedInterceptor),
    ApiResponse({ status: 202, description: 'The job that does the work', standardSchema: schema, example }),
  ];
}

/** One response for each status, naming the codes that can come with it. */
function problemResponses(codes: readonly ErrorCode[]) {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...codes, 'validation_failed' as const]) {
    const status = ERROR_CODES[code][0];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return [...byStatus].map(([status, group]) =>
    ApiResponse({ status, description: group.join(', '), standardSchema: problemSchema }),
  );
}
