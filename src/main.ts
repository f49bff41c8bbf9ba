import { ConfigError, loadConfig } from './config.js';
import { requireDataDir } from './data-dir.js';

/** Longest time a shutdown may take before the process ends anyway. */
const SHUTDOWN_MS_MAX = 10_000;

/** What Node's codes mean when the server starts to listen. */
const LISTEN_ADVICE: Record<string, string> = {
  EADDRINUSE: 'another process listens there. Choose another port with PORT, or stop that process.',
  EADDRNOTAVAIL: 'this machine has no such address. Choose another one with HOST.',
  EACCES: 'the system does not allow it. Choose a port above 1023 with PORT.',
};

try {
  const config = loadConfig();
  await requireDataDir(config.dataDir);
  // Loaded only now, so that a bad variable is reported at once.
  const { createLogger } = await import('./logger.js');
  const { startService } = await import('./startup.js');
  const logger = createLogger(config);
  const service = await startService(config, logger, 0);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      setTimeout(() => process.exit(1), SHUTDOWN_MS_MAX).unref();
      await service.stop(signal);
      process.exit(0);
    });
  }
  await service.ready;
} catch (error) {
  process.stderr.write(`${explained(error)}\n`);
  process.exit(1);
}

/** What a person can mend is said in words, the rest with its stack. */
function explained(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, syscall, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  const advice = syscall === 'listen' ? LISTEN_ADVICE[code ?? ''] : undefined;
  if (advice) return `The service cannot listen on ${address}:${port}: ${advice}`;
  const inWords = error instanceof ConfigError || error.name === 'DatabaseRefusedError';
  return inWords ? error.message : (error.stack ?? error.message);
}
