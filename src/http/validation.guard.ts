import { Readable } from 'node:stream';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type FieldProblem, RiskError } from '../risk/errors.js';
import { fieldProblems } from '../risk/field-problems.js';

interface RouteSchemas {
  params: z.ZodType | undefined;
  query: z.ZodType | undefined;
  body: z.ZodType | undefined;
}

const nothing = z.strictObject({});

/**
 * Parses path, query and body of a request by the schemas that its handler names (`@Body({ schema })`, …) and puts the
 * parsed values in their place. It stands before Nest's pipes, which see one parameter at a time, so that *all* problems
 * of a request are reported at once, and so that query parameters nobody asked for are errors too.
 */
@Injectable()
export class ValidationGuard implements CanActivate {
  private readonly schemas = new WeakMap<object, RouteSchemas>();

  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { params, query, body } = this.schemasOf(context);
    const problems: FieldProblem[] = [];
    const parse = (schema: z.ZodType, value: unknown, where?: FieldProblem['in']): unknown => {
      const parsed = schema.safeParse(value);
      if (parsed.success) return parsed.data;
      problems.push(
        ...fieldProblems(parsed.error, value).map((problem) => ({ ...problem, ...(where && { in: where }) })),
      );
      return undefined;
    };
    if (params) request.params = parse(params, request.params, 'path');
    if (query || hasFields(request.query)) request.query = parse(query ?? nothing, request.query, 'query');
    if (body || isUnasked(request.body)) request.body = parse(body ?? nothing, request.body);
    if (problems.length > 0) throw new RiskError('validation_failed', summary(problems), { errors: problems });
    return true;
  }

  private schemasOf(context: ExecutionContext): RouteSchemas {
    const handler = context.getHandler();
    const known = this.schemas.get(handler);
    if (known) return known;
    const args: Record<string, { data?: unknown; schema?: z.ZodType }> =
      Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler.name) ?? {};
    const found: RouteSchemas = { params: undefined, query: undefined, body: undefined };
    const named: Record<string, z.ZodType> = {};
    for (const [key, { data, schema }] of Object.entries(args)) {
      if (!schema) continue;
      const kind = Number(key.split(':')[0]);
      if (kind === RouteParamtypes.BODY) found.body = schema;
      if (kind === RouteParamtypes.QUERY) found.query = schema;
      if (kind === RouteParamtypes.PARAM) named[String(data)] = schema;
    }
    if (Object.keys(named).length > 0) found.params = z.object(named);
    this.schemas.set(handler, found);
    return found;
  }
}

function hasFields(query: unknown): boolean {
  for (const _ in query as object) return true;
  return false;
}

/** A body, where the handler takes none; an upload is a stream and the handler's own affair. */
function isUnasked(body: unknown): boolean {
  return body !== undefined && body !== null && !(body instanceof Readable);
}

function summary(problems: readonly FieldProblem[]): string {
  return problems.length === 1 ? problems[0]!.detail : `${problems.length} fields are wrong`;
}
