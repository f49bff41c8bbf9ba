import { Controller, Get, HttpException, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { CacheHealth } from '../cache/cache-health.js';
import { Database } from '../database/database.js';
import { Operation } from '../http/operation.decorator.js';
import { MessagingHealth } from '../messaging/messaging-health.js';
import { healthSchema } from './health.schema.js';
import { Readiness } from './readiness.js';

type Health = z.infer<typeof healthSchema>;

const up = { status: 'up' as const };
const messaging = { ...up, driver: 'embedded', state: 'UP', lag: { risk_monitor_group: 0 } };
const cache = { ...up, hit_rate: 0.93, enabled_levels: ['l1', 'l3'], levels: { l1: 'UP', l3: 'UP' } };
const ready = { startup: up, database: { ...up, kind: 'embedded' } };
const all = { ...ready, messaging, cache };

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly database: Database,
    private readonly readiness: Readiness,
    private readonly messaging: MessagingHealth,
    private readonly cache: CacheHealth,
  ) {}

  @Get()
  @ApiResponse({ status: 503, description: 'Requests are not answered, with the reason', standardSchema: healthSchema })
  @Operation({
    summary: 'Shows every component; 503 where requests are not answered, `degraded` where something else is away.',
    reply: healthSchema,
    example: { reply: { status: 'ok', info: all, error: {}, details: all } },
  })
  async components(@Res({ passthrough: true }) reply: FastifyReply): Promise<Health> {
    const needed = await this.ready(reply);
    const details = { ...needed.details, ...this.messagingUp(), ...this.cacheUp() };
    const having = (status: 'up' | 'down') =>
      Object.fromEntries(Object.entries(details).filter(([, component]) => component.status === status));
    const [info, error] = [having('up'), having('down')];
    const isDegraded = needed.status === 'ok' && Object.keys(error).length > 0;
    return { status: isDegraded ? 'degraded' : needed.status, info, error, details };
  }

  @Get('live')
  @Operation({
    summary: 'Says whether the process lives; restart it when not.',
    reply: healthSchema,
    example: { reply: { status: 'ok', info: { process: up }, error: {}, details: { process: up } } },
  })
  async live(): Promise<Health> {
    return (await this.health.check([() => this.indicators.check('process').up()])) as Health;
  }

  @Get('ready')
  @ApiResponse({ status: 503, description: 'Not ready, with the reason', standardSchema: healthSchema })
  @Operation({
    summary: 'Says whether requests are answered now; 503 with the reason when not.',
    reply: healthSchema,
    example: { reply: { status: 'ok', info: ready, error: {}, details: ready } },
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Health> {
    try {
      return (await this.health.check([() => this.startUp(), () => this.databaseUp()])) as Health;
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      reply.status(error.getStatus());
      return error.getResponse() as Health;
    }
  }

  private startUp() {
    const indicator = this.indicators.check('startup');
    const { ready, reason } = this.readiness;
    return ready ? indicator.up() : indicator.down({ reason });
  }

  private messagingUp() {
    const indicator = this.indicators.check('messaging');
    const { problems, ...report } = this.messaging.report();
    return problems.length === 0 ? indicator.up(report) : indicator.down({ ...report, reason: problems.join('; ') });
  }

  private cacheUp() {
    const indicator = this.indicators.check('cache');
    const { problems, ...report } = this.cache.report();
    return problems.length === 0 ? indicator.up(report) : indicator.down({ ...report, reason: problems.join('; ') });
  }

  private databaseUp() {
    const indicator = this.indicators.check('database');
    const { kind, state, reason } = this.database.status;
    return state === 'UP' ? indicator.up({ kind }) : indicator.down({ kind, state, reason: reason ?? state });
  }
}
