import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import multipart from '@fastify/multipart';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../config.js';
import type { Job } from '../../jobs/jobs.schema.js';
import { Jobs } from '../../jobs/ports.js';
import { RiskError } from '../errors.js';
import type { PriceImportQuery } from './price-import.schema.js';
import { PriceImportService } from './price-import.service.js';
import { PARTS_MAX, received, tooLarge, UPLOAD_BYTES_MAX } from './price-import-file.upload.js';

/** What a form may have around its file. */
const FORM_BYTES_MAX = 64 * 1024;
const UPLOAD_ROUTE = '/v1/prices/imports';
const UPLOAD_TYPES = ['text/csv', 'multipart/form-data'];

/**
 * Lets uploads reach their route as streams, and only there: every other route takes JSON alone. To be called before the
 * server listens.
 */
export async function registerUploads(server: FastifyInstance): Promise<void> {
  await server.register(multipart, { limits: { fileSize: Number.POSITIVE_INFINITY, parts: PARTS_MAX } });
  server.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
  server.addHook('onRequest', (request, _reply, done) => done(refusal(request)));
}

function refusal({ headers, method, routeOptions }: FastifyRequest): RiskError | undefined {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const encoding = headers['content-encoding'] ?? 'identity';
  const upload = method === 'POST' && routeOptions.url === UPLOAD_ROUTE;
  if (upload !== UPLOAD_TYPES.includes(type ?? '')) {
    const expected = upload ? UPLOAD_TYPES.join(' or ') : 'application/json';
    return new RiskError('unsupported_media_type', `expected ${expected}, got ${type ?? 'no content type'}`);
  }
  if (upload && encoding !== 'identity') {
    return new RiskError('unsupported_media_type', `expected a body without Content-Encoding, got ${encoding}`);
  }
  return undefined;
}

/** Keeps an upload as a file while it arrives and hands it on as an import. */
@Injectable()
export class PriceUploads implements OnModuleInit, OnApplicationShutdown {
  private readonly parent: string;
  private readonly folder: string;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly jobs: Jobs,
    private readonly imports: PriceImportService,
  ) {
    this.parent = join(config.dataDir, 'imports');
    // Of its own: another instance may use the same DATA_DIR.
    this.folder = join(this.parent, String(process.pid));
  }

  /** What a killed process left behind belongs to jobs that were failed: nobody will read it. */
  async onModuleInit(): Promise<void> {
    await mkdir(this.parent, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.parent)) {
      if (!isAlive(Number(name))) await rm(join(this.parent, name), { recursive: true, force: true });
    }
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
  }

  async onApplicationShutdown(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async accept(request: FastifyRequest, options: PriceImportQuery): Promise<Job> {
    this.jobs.requireRoom();
    if (Number(request.headers['content-length'] ?? 0) > UPLOAD_BYTES_MAX + FORM_BYTES_MAX) throw tooLarge();
    const jobId = this.jobs.newId();
    const path = join(this.folder, `${jobId}.csv`);
    let source: string;
    try {
      source = await received(request, path);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return this.imports.start({ path, jobId, source, options });
  }
}

/** Another process of that id, not this one, which starts with an empty folder. */
function isAlive(pid: number): boolean {
  if (pid === process.pid || !Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
