import type { LogEntry, logCreator } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { Logger } from 'pino';

const { logLevel } = kafkajs;

/**
 * The lines of kafkajs at debug: it calls each retry of a restarting broker an error. What an operator has to know the
 * driver says itself, once per change.
 */
export function logCreatorFor(logger: Logger): logCreator {
  return () =>
    ({ namespace, label, log }: LogEntry) => {
      const { timestamp: _, message, stack: __, logger: ___, ...details } = log;
      logger.debug({ kafkajs: namespace, label, ...details }, message);
    };
}

/** Its lines per request are costly to make, also where nobody reads them. */
export function levelFor(logger: Logger): number {
  if (logger.isLevelEnabled('trace')) return logLevel.DEBUG;
  return logger.isLevelEnabled('debug') ? logLevel.INFO : logLevel.NOTHING;
}
