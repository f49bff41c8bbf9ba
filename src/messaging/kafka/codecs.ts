import kafkajs from 'kafkajs';
import type { CompressionType } from '../names.schema.js';
import type { Codec } from './codec.js';
import { snappyCodec } from './snappy.js';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/** gzip is part of kafkajs. */
const LOADERS: Partial<Record<CompressionType, () => Promise<Codec>>> = {
  snappy: snappyCodec,
  lz4: lz4Codec,
  zstd: zstdCodec,
};
const CODES = { snappy: CompressionTypes.Snappy, lz4: CompressionTypes.LZ4, zstd: CompressionTypes.ZSTD };
const loaded = new Map<CompressionType, Promise<void>>();

/** Registers a codec with kafkajs once it has proven itself. Throws an Error that names `KAFKA_COMPRESSION_TYPE`. */
export function loadCodec(type: CompressionType): Promise<void> {
  const known = loaded.get(type) ?? register(type);
  loaded.set(type, known);
  return known;
}

/** So that records of other senders can be read; what is not there shows when such a record comes. */
export async function loadCodecsForReading(): Promise<void> {
  await Promise.allSettled((Object.keys(LOADERS) as CompressionType[]).map(loadCodec));
}

async function register(type: CompressionType): Promise<void> {
  const load = LOADERS[type];
  if (!load) return;
  try {
    const codec = await load();
    const probe = Buffer.from('redfire '.repeat(1_000));
    if (!(await codec.decompress(await codec.compress({ buffer: probe }))).equals(probe)) {
      throw new Error('what it compresses comes back otherwise');
    }
    (CompressionCodecs as Record<number, () => Codec>)[CODES[type as keyof typeof CODES]] = () => codec;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`KAFKA_COMPRESSION_TYPE is ${type}, which does not work on this machine: ${reason}`);
  }
}

async function lz4Codec(): Promise<Codec> {
  const { compressFrame, decompressFrame } = await import('lz4-napi');
  return { compress: ({ buffer }) => compressFrame(buffer), decompress: (buffer) => decompressFrame(buffer) };
}

async function zstdCodec(): Promise<Codec> {
  const { Zstd } = await import('@hpcc-js/wasm-zstd');
  const zstd = await Zstd.load();
  return {
    compress: async ({ buffer }) => Buffer.from(zstd.compress(buffer)),
    decompress: async (buffer) => Buffer.from(zstd.decompress(buffer)),
  };
}
