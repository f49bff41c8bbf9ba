import type { Codec } from './codec.js';

/** What Java's senders put before their blocks: a name, and twice a version. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

/** Written as one block, which every reader takes; read also in the blocks of Java's senders. */
export async function snappyCodec(): Promise<Codec> {
  const { compress, uncompress } = await import('snappy');
  const open = async (block: Buffer) => (await uncompress(block, { asBuffer: true })) as Buffer;
  return {
    compress: ({ buffer }) => compress(buffer),
    async decompress(buffer) {
      if (!buffer.subarray(0, XERIAL.length).equals(XERIAL)) return open(buffer);
      return Buffer.concat(await Promise.all(xerialBlocks(buffer).map(open)));
    },
  };
}

/** Each block with its length before it. */
function xerialBlocks(buffer: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = XERIAL_HEADER_BYTES; at < buffer.length; ) {
    const length = buffer.readInt32BE(at);
    if (length < 0 || at + 4 + length > buffer.length) throw new Error('a block of snappy is cut off');
    blocks.push(buffer.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return blocks;
}
