import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { appModule } from './app.module.js';
import type { Config } from './config.js';
import { serveOpenApi } from './http/openapi.js';
import { fastifyAdapter, registerHooks } from './http/server.js';
import { NestLogger } from './logger.js';
import { BatchTransport } from './messaging/batch-transport.js';
import { PassErrorsFilter } from './messaging/pass-errors.filter.js';
import { registerUploads } from './risk/market/price-import.upload.js';

/** The whole application, wired and ready to listen. */
export async function createApp(config: Config, logger: Logger): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(appModule(config, logger), fastifyAdapter(logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
    // Fastify's own reads JSON; Nest's would read forms too.
    bodyParser: false,
  });
  const strategy = app.get(BatchTransport, { strict: false });
  app.connectMicroservice({ strategy }, { deferInitialization: true }).useGlobalFilters(new PassErrorsFilter());
  registerHooks(app);
  await registerUploads(app.getHttpAdapter().getInstance() as unknown as FastifyInstance);
  serveOpenApi(app);
  return app;
}
