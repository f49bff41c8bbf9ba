/**
 * One-dimensional arrays in PostgreSQL's binary format (`array_send` in arrayfuncs.c): as a parameter, a Buffer is sent
 * in binary. The embedded database takes a million closes in 1.0 s this way and in 2.5 s as text.
 */
const HEADER_BYTES = 20;
const INT4_OID = 23;
const FLOAT8_OID = 701;

export function binaryIntegers(values: Int32Array): Buffer {
  const buffer = header(INT4_OID, 4, values.length);
  for (let i = 0, at = HEADER_BYTES; i < values.length; i++, at += 8) {
    buffer.writeInt32BE(4, at);
    buffer.writeInt32BE(values[i]!, at + 4);
  }
  return buffer;
}

export function binaryFloats(values: Float64Array): Buffer {
  const buffer = header(FLOAT8_OID, 8, values.length);
  for (let i = 0, at = HEADER_BYTES; i < values.length; i++, at += 12) {
    buffer.writeInt32BE(8, at);
    buffer.writeDoubleBE(values[i]!, at + 4);
  }
  return buffer;
}

/** Dimensions, no nulls, type of the elements, length and lower bound of the dimension. */
function header(elementOid: number, elementBytes: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + length * (4 + elementBytes));
  for (const [index, value] of [1, 0, elementOid, length, 1].entries()) buffer.writeInt32BE(value, index * 4);
  return buffer;
}
