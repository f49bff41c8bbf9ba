import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Config } from './config.js';

/** Injection token of the pino logger, for what needs more than Nest's. */
export const LOGGER = Symbol('LOGGER');

/** Paths whose values never reach a log. */
const REDACTED = [
  'password',
  'authorization',
  'url_with_credentials',
  '*.password',
  '*.authorization',
  'headers.cookie',
];

/** JSON lines; on a terminal the same lines for people. */
export function createLogger(config: Config, destination?: DestinationStream): Logger {
  const options = {
    level: config.log.level,
    base: undefined,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: REDACTED, censor: '(hidden)' },
  };
  if (destination) return pino(options, destination);
  return process.stdout.isTTY
    ? pino({
        ...options,
        transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss' } },
      })
    : pino(options);
}

/** Nest's own log lines through pino. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string) {
    this.write('debug', message, context);
  }
  warn(message: unknown, context?: string) {
    this.write('warn', message, context);
  }
  error(message: unknown, ...rest: string[]) {
    this.write('error', message, rest.at(-1));
  }
  debug(message: unknown, context?: string) {
    this.write('debug', message, context);
  }
  fatal(message: unknown, context?: string) {
    this.write('fatal', message, context);
  }

  private write(level: 'debug' | 'warn' | 'error' | 'fatal', message: unknown, context?: string) {
    if (message !== null && typeof message === 'object') this.logger[level]({ context, ...message });
    else this.logger[level]({ context }, String(message));
  }
}
