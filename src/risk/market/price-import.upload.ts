import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import multipart from '@fastify/multipart';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../config.js';
import type { Job } from '../../jobs/jobs.schema.js';
import { Jobs } from '../../jobs/ports.js';
import { RiskError } from '../errors.js';
import type { PriceImportQuery } from './price-import.schema.js';
import { PriceImportService } from './price-import.service.js';

export const UPLOAD_BYTES_MAX = 64 * 1024 * 1024;
/** What a form may have around its file. */
const FORM_BYTES_MAX = 64 * 1024;
const UPLOAD_ROUTE = '/v1/prices/imports';
const UPLOAD_TYPES = ['text/csv', 'multipart/form-data'];

/**
 * Lets uploads reach their route as streams, and only there: every other route takes JSON alone. To be called before the
 * server listens.
 */
export async function registerUploads(server: FastifyInstance): Promise<void> {
  await server.register(multipart, { limits: { fileSize: Number.POSITIVE_INFINITY, files: 1, fields: 10, parts: 11 } });
  server.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
  server.addHook('onRequest', async (request) => {
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    const encoding = request.headers['content-encoding'] ?? 'identity';
    const upload = request.method === 'POST' && request.routeOptions.url === UPLOAD_ROUTE;
    if (upload !== UPLOAD_TYPES.includes(type ?? '')) {
      const expected = upload ? UPLOAD_TYPES.join(' or ') : 'application/json';
      throw new RiskError('unsupported_media_type', `expected ${expected}, got ${type ?? 'no content type'}`);
    }
    if (upload && encoding !== 'identity') {
      throw new RiskError('unsupported_media_type', `expected a body without Content-Encoding, got ${encoding}`);
    }
  });
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
    const { stream, name, fields } = await csvOf(request);
    try {
      await pipeline(limited(stream), createWriteStream(path, { mode: 0o600 }));
      refuseOtherFields(fields);
    } catch (error) {
      // Read to its end and thrown away: a connection cut meanwhile would keep the client from seeing the answer.
      stream.resume();
      await rm(path, { force: true });
      throw error;
    }
    return this.imports.start({ path, jobId, source: name, options });
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

interface Upload {
  stream: Readable;
  name: string;
  /** Parts of the form met so far, by name. */
  fields: Readonly<Record<string, unknown>>;
}

/** Options stand in the query: one that stands in the form would be overlooked, and a dry run would write. */
function refuseOtherFields(fields: Upload['fields']): void {
  const others = Object.keys(fields).filter((name) => name !== 'file');
  const errors = others.map((name) => ({
    pointer: `/${name}`,
    code: 'unknown_field',
    detail: 'expected the field "file" alone; options are query parameters',
  }));
  if (errors.length > 0) throw new RiskError('validation_failed', errors[0]!.detail, { errors });
}

/** The CSV as it arrives: the body itself, or the part `file` of a form. */
async function csvOf(request: FastifyRequest): Promise<Upload> {
  if (!request.isMultipart()) return { stream: request.body as Readable, name: 'upload', fields: {} };
  const part = await request.file().catch(() => {
    throw new RiskError('validation_failed', 'the form cannot be read: expected multipart/form-data with its boundary');
  });
  if (part?.fieldname !== 'file') {
    const got = part ? `got ${JSON.stringify(part.fieldname)}` : 'got none';
    const errors = [{ pointer: '/file', code: 'required', detail: `expected a file in the form field "file", ${got}` }];
    throw new RiskError('validation_failed', errors[0]!.detail, { errors });
  }
  const { fields } = part;
  return { stream: part.file, fields, name: part.filename.replace(/\p{C}/gu, '?').slice(0, 200) || 'upload' };
}

/** The same bytes; an error as soon as they are too many or the client goes away. */
function limited(source: Readable): Transform {
  let bytes = 0;
  const limiter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > UPLOAD_BYTES_MAX ? tooLarge() : null, chunk);
    },
  });
  const broken = () => limiter.destroy(new RiskError('validation_failed', 'the upload was broken off'));
  source.once('error', broken);
  source.once('close', () => source.readableEnded || broken());
  // Unlike in a pipeline, an error of the limiter leaves the source, which is the connection, alive.
  return source.pipe(limiter);
}

function tooLarge(): RiskError {
  return new RiskError('payload_too_large', `expected at most ${UPLOAD_BYTES_MAX} bytes, got more`);
}
