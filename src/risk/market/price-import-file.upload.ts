import { createWriteStream } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { type FieldProblem, RiskError } from '../errors.js';
import { priceImportQuery } from './price-import.schema.js';

export const UPLOAD_BYTES_MAX = 64 * 1024 * 1024;
/** Of a form. One is right; more are named as wrong, up to this many. */
export const PARTS_MAX = 10;

/** Writes the CSV to `path` while it arrives: the body itself, or the file of a form. Returns its name. */
export async function received(request: FastifyRequest, path: string): Promise<string> {
  if (request.isMultipart()) return fileOfForm(request, path);
  await written(request.body as Readable, path);
  return 'upload';
}

/** Reads a form to its end, so that nothing in it is overlooked, also behind the file. */
async function fileOfForm(request: FastifyRequest, path: string): Promise<string> {
  let name: string | undefined;
  const errors: FieldProblem[] = [];
  for await (const part of partsOf(request)) {
    if (name === undefined && part.type === 'file' && part.fieldname === 'file') {
      await written(part.file, path);
      name = part.filename.replace(/\p{C}/gu, '?').slice(0, 200) || 'upload';
    } else {
      errors.push(unexpectedPart(part));
      if (part.type === 'file') part.file.resume();
    }
  }
  if (name === undefined) {
    errors.unshift({
      pointer: '/file',
      code: 'required',
      detail: 'expected a file in the form field "file", got none',
    });
  }
  if (errors.length > 0) throw new RiskError('validation_failed', errors[0]!.detail, { errors });
  return name!;
}

async function* partsOf(request: FastifyRequest): AsyncGenerator<Multipart> {
  const parts = request.parts();
  for (;;) {
    const part = await parts.next().catch(({ code }: { code?: string }) => {
      const detail =
        code === 'FST_PARTS_LIMIT'
          ? `expected a form with the field "file" alone, got more than ${PARTS_MAX}`
          : 'expected multipart/form-data with its boundary, got a form that cannot be read';
      throw new RiskError('validation_failed', detail, { errors: [{ pointer: '', code: 'invalid_format', detail }] });
    });
    if (part.done) return;
    yield part.value;
  }
}

/** Options stand in the query: one that stands in the form is no option, and with it a dry run would write. */
function unexpectedPart({ fieldname, type }: Multipart): FieldProblem {
  const detail = Object.hasOwn(priceImportQuery.shape, fieldname)
    ? `expected ${fieldname} in the query of the address, as in ?${fieldname}=…, got a form field`
    : `expected the form field "file" alone, with one file, got ${JSON.stringify(fieldname.slice(0, 80))} as a ${type}`;
  return { pointer: `/${fieldname}`, code: 'unknown_field', detail };
}

/** Throws RiskError `payload_too_large`, or `validation_failed` where the client goes away. */
async function written(stream: Readable, path: string): Promise<void> {
  try {
    await pipeline(limited(stream), createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    // Read to its end and thrown away: a connection cut meanwhile would keep the client from seeing the answer.
    stream.resume();
    throw error;
  }
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

export function tooLarge(): RiskError {
  return new RiskError('payload_too_large', `expected at most ${UPLOAD_BYTES_MAX} bytes, got more`);
}
