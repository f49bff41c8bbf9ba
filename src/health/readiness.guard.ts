import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RiskError } from '../risk/errors.js';
import { Readiness } from './readiness.js';

/** Refuses the API until the start is complete; health and documents answer from the first moment. */
@Injectable()
export class ReadinessGuard implements CanActivate {
  constructor(private readonly readiness: Readiness) {}

  canActivate(context: ExecutionContext): boolean {
    const { url } = context.switchToHttp().getRequest<FastifyRequest>();
    if (this.readiness.ready || !url.startsWith('/v1/')) return true;
    throw new RiskError('not_ready', `waiting for ${this.readiness.reason}`);
  }
}
