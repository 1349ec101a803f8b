/** WebP at the level of its RIFF chunks (RFC 9649): four letters, little-endian length, data padded to even. */

/** The data of the first chunk of a type; null if there is none. */
export function webpChunk(bytes: Buffer, type: string): Buffer | null {
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    if (bytes.toString('latin1', at, at + 4) === type) return bytes.subarray(at + 8, at + 8 + length);
    at += 8 + length + (length % 2);
  }
  return null;
}
