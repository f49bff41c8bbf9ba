const POLYNOMIAL = 0x82f63b78;

/** The remainder of each byte, followed by none to seven zero bytes: 256 of each. */
const REMAINDERS = new Int32Array(8 * 256);
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  REMAINDERS[byte] = crc;
}
for (let at = 256; at < REMAINDERS.length; at++) {
  const shorter = REMAINDERS[at - 256]!;
  REMAINDERS[at] = REMAINDERS[shorter & 0xff]! ^ (shorter >>> 8);
}

/** The checksum of record batches (CRC-32C), eight bytes a step. `before` is that of the bytes before these. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const whole = bytes.length - (bytes.length % 8);
  let crc = ~before;
  let at = 0;
  for (; at < whole; at += 8) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc =
      REMAINDERS[0x700 | (crc & 0xff)]! ^
      REMAINDERS[0x600 | ((crc >>> 8) & 0xff)]! ^
      REMAINDERS[0x500 | ((crc >>> 16) & 0xff)]! ^
      REMAINDERS[0x400 | (crc >>> 24)]! ^
      REMAINDERS[0x300 | bytes[at + 4]!]! ^
      REMAINDERS[0x200 | bytes[at + 5]!]! ^
      REMAINDERS[0x100 | bytes[at + 6]!]! ^
      REMAINDERS[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at++) crc = REMAINDERS[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
