/**
 * RLE Lossless (PS3.5, annex G): PackBits segments, one a byte of each sample, the high byte first. Of our own, for the
 * decoder of dcmjs-codecs fills up with zeros and takes single bits for bytes.
 */

/**
 * @param count samples of one component, or packed bytes of single bits
 * @param components samples a pixel
 * @param width bytes a sample
 * @returns little-endian samples, pixel by pixel
 * @throws Error for another number of segments than components and bytes, or one that holds fewer samples
 */
export function decodeRle(stream: Buffer, count: number, components: number, width: 1 | 2): Buffer {
  if (stream.length < 64) throw new Error('it ends within the RLE header');
  const segments = stream.readUInt32LE(0);
  if (segments !== components * width)
    throw new Error(`${segments} RLE segments, where ${components * width} are expected`);
  const out = Buffer.alloc(count * components * width);
  for (let i = 0; i < segments; i++) {
    const [start, end] = [
      stream.readUInt32LE(4 + 4 * i),
      i + 1 < segments ? stream.readUInt32LE(8 + 4 * i) : stream.length,
    ];
    if (start < 64 || start > end || end > stream.length)
      throw new Error(`RLE segment ${i + 1} of ${segments} is missing`);
    const bytes = unpacked(stream.subarray(start, end), count);
    if (!bytes) throw new Error(`RLE segment ${i + 1} of ${segments} holds fewer than ${count} bytes`);
    const first = Math.floor(i / width) * width + (width - 1 - (i % width));
    for (let j = 0, to = first; j < count; j++, to += components * width) out[to] = bytes[j]!;
  }
  return out;
}

/** `count` bytes; null where there are fewer. Bytes behind them are filling. */
function unpacked(segment: Buffer, count: number): Buffer | null {
  const out = Buffer.alloc(count);
  let [at, to] = [0, 0];
  while (to < count && at + 1 < segment.length) {
    const head = segment[at++]!;
    if (head < 128) {
      to += segment.copy(out, to, at, Math.min(at + head + 1, segment.length, at + count - to));
      at += head + 1;
    } else if (head > 128) {
      const run = 257 - head;
      out.fill(segment[at++]!, to, Math.min(to + run, count));
      to += run;
    }
  }
  return to >= count ? out : null;
}
