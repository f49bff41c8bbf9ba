import { randomBytes } from 'node:crypto';
import { compressSync } from 'snappy';
import { snappyCodec } from '../../../src/messaging/kafka/snappy.js';

describe('snappyCodec', () => {
  const header = Buffer.from('82534e4150505900' + '00000001' + '00000001', 'hex');
  const framed = (block: Buffer) => {
    const packed = compressSync(block);
    const length = Buffer.alloc(4);
    length.writeInt32BE(packed.length);
    return Buffer.concat([length, packed]);
  };

  it('reads the blocks of senders in Java, and its own single one', async () => {
    const codec = await snappyCodec();
    const blocks = [randomBytes(40_000), Buffer.alloc(32_768, 'a'), randomBytes(3)];
    const java = Buffer.concat([header, ...blocks.map(framed)]);
    expect(await codec.decompress(java)).toEqual(Buffer.concat(blocks));
    expect(await codec.decompress(await codec.compress({ buffer: blocks[0]! }))).toEqual(blocks[0]);
    expect(await codec.decompress(header)).toEqual(Buffer.alloc(0));
  });

  it('refuses a block that is cut off', async () => {
    const codec = await snappyCodec();
    const java = Buffer.concat([header, framed(Buffer.from('abc'))]);
    await expect(codec.decompress(java.subarray(0, -1))).rejects.toThrow('cut off');
  });
});
