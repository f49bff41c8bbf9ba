import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RiskError } from '../risk/errors.js';
import { Readiness } from './readiness.js';

/** Calls that are no reads by their method, and that a standby answers all the same. */
const ANSWERED_BY_ALL = [
  // A kill switch is heard whenever the process is: the book itself says whether it can be kept.
  '/v1/trading-state/',
  // Every instance has a cache of its own.
  '/v1/cache/',
  // A computation on what is stored, which changes nothing.
  '/v1/risk/var/',
];

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
    if (ANSWERED_BY_ALL.some((path) => url.startsWith(path))) return true;
    throw new RiskError('not_owner', reason);
  }
}
