import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RiskError } from '../risk/errors.js';
import { Readiness } from './readiness.js';

/** A kill switch is heard whenever the process is: the book itself says whether it can be kept. */
const ALWAYS_HEARD = '/v1/trading-state/';
/** Every instance has a cache of its own. */
const OF_EVERY_INSTANCE = '/v1/cache/';

/** Refuses the API until the start is complete; health and documents answer from the first moment. A standby only reads. */
@Injectable()
export class ReadinessGuard implements CanActivate {
  constructor(private readonly readiness: Readiness) {}

  canActivate(context: ExecutionContext): boolean {
    const { url, method } = context.switchToHttp().getRequest<FastifyRequest>();
    const { ready, readable, reason = '' } = this.readiness;
    if (ready || !url.startsWith('/v1/')) return true;
    if (!readable) throw new RiskError('not_ready', reason);
    if (method === 'GET' || method === 'HEAD') return true;
    if (url.startsWith(ALWAYS_HEARD) || url.startsWith(OF_EVERY_INSTANCE)) return true;
    throw new RiskError('not_owner', reason);
  }
}
