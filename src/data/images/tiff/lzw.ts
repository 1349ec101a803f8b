/**
 * LZW as TIFF 6.0, section 13, has it: codes of 9 to 12 bits, the highest bit first, each width one code earlier than
 * in GIF. Each code's string is stored as the code of its
 * beginning and its last byte.
 */
const clear = 256;
const end = 257;

/** Whether codes begin with the lowest bit, as before TIFF 5.0: the first code, `clear`, tells. */
export const isOldLzw = (stream: Buffer): boolean => stream[0] === 0 && (stream[1]! & 1) === 1;

/**
 * @param limit bytes to decode; the rest is ignored
 * @returns `limit` bytes, or fewer if the stream ends sooner
 * @throws Error for a code that cannot stand where it does
 */
export function unpackLzw(stream: Buffer, limit: number): Buffer {
  const out = Buffer.allocUnsafe(limit);
  const codes = new CodeTable();
  let before = -1;
  let to = 0;
  let pending = 0;
  let held = 0;
  for (let at = 0; to < limit; ) {
    for (; held < codes.width && at < stream.length; held += 8)
      pending = ((pending << 8) | stream[at++]!) & 0xffffff;
    if (held < codes.width) break;
    held -= codes.width;
    const code = (pending >> held) & ((1 << codes.width) - 1);
    if (code === end) break;
    if (code === clear) {
      codes.clear();
      before = -1;
      continue;
    }
    codes.add(before, code);
    to += codes.write(code, out, to);
    before = code;
  }
  return out.subarray(0, Math.min(to, limit));
}

class CodeTable {
  /** Bits of the next code. */
  width = 9;
  #next = 258;
  readonly #prefix = new Uint16Array(4096);
  readonly #first = new Uint8Array(4096);
  readonly #last = new Uint8Array(4096);
  readonly #length = new Uint16Array(4096);

  constructor() {
    for (let code = 0; code < 256; code++) {
      this.#first[code] = code;
      this.#last[code] = code;
      this.#length[code] = 1;
    }
  }

  clear(): void {
    this.width = 9;
    this.#next = 258;
  }

  /**
   * The string of the code before, with the first byte of this one's, gets the next code.
   * @throws Error for a code that has no string
   */
  add(before: number, code: number): void {
    const next = this.#next;
    if (before < 0 ? code > 255 : code > next) throw new Error(`LZW code ${code} has no string`);
    if (before < 0 || next > 4095) return;
    this.#prefix[next] = before;
    this.#first[next] = this.#first[before]!;
    this.#length[next] = this.#length[before]! + 1;
    this.#last[next] = this.#first[code === next ? before : code]!;
    this.#next++;
    if (this.#next === (1 << this.width) - 1 && this.width < 12) this.width++;
  }

  /** @returns the length of the code's string, which is cut off where `out` ends */
  write(code: number, out: Buffer, to: number): number {
    const length = this.#length[code]!;
    let from = code;
    for (let at = to + length - 1; at >= to; at--) {
      if (at < out.length) out[at] = this.#last[from]!;
      from = this.#prefix[from]!;
    }
    return length;
  }
}
