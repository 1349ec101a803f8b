/** PackBits (TIFF 6.0, section 9): n >= 0: the next n + 1 bytes; n < 0: the next byte 1 - n times; -128: nothing. */

/** @returns at most `limit` bytes */
export function unpackPackBits(stream: Buffer, limit: number): Buffer {
  const out = Buffer.alloc(limit);
  let to = 0;
  for (let at = 0; at < stream.length && to < limit; ) {
    const n = stream.readInt8(at++);
    if (n >= 0) {
      const run = stream.subarray(at, at + n + 1);
      to += run.copy(out, to);
      at += n + 1;
    } else if (n !== -128 && at < stream.length) {
      out.fill(stream[at++]!, to, Math.min(limit, to + 1 - n));
      to = Math.min(limit, to + 1 - n);
    }
  }
  return out.subarray(0, to);
}
