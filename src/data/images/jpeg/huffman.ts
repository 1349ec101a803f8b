/** Huffman codes of JPEG (T.81, annexes C and F.2.2.3) in coded data from which the stuffed zeros are taken. */

/** By the next 16 bits: the length of their code above the symbol that it stands for; 0: there is no such code. */
export type HuffmanTable = Uint16Array;

/** Thrown where coded data cannot be right. */
export class CodeError extends Error {}

/** The tables of a DHT segment, by class (0 DC, 1 AC) * 16 + number; each is built when a scan asks for it. */
export function huffmanTables(data: Buffer): [id: number, table: () => HuffmanTable][] {
  const found: [number, () => HuffmanTable][] = [];
  for (let at = 0; at + 17 <= data.length; ) {
    const counts = data.subarray(at + 1, at + 17);
    const size = counts.reduce((sum, count) => sum + count, 0);
    const symbols = data.subarray(at + 17, at + 17 + size);
    found.push([data[at]!, () => tableOf(counts, symbols)]);
    at += 17 + size;
  }
  return found;
}

/** Codes of one length follow one another; each takes all 16-bit words that begin with it. */
function tableOf(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const table = new Uint16Array(65536);
  let [word, next] = [0, 0];
  counts.forEach((count, i) => {
    const [length, span] = [i + 1, 2 ** (15 - i)];
    for (let k = 0; k < count; k++, word += span)
      table.fill((length << 8) | symbols[next++]!, word, word + span);
  });
  return table;
}

export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #bits: number;
  #at = 0;

  /** @param coded the data between two markers */
  constructor(coded: Buffer) {
    // One block is of at most 64 codes with 16 bits behind each: so many zeros may be read past the end.
    this.#bytes = new Uint8Array(coded.length + 260);
    this.#bits = 8 * unstuffed(coded, this.#bytes);
  }

  /** Whether more was read than there is. */
  get ended(): boolean {
    return this.#at > this.#bits;
  }

  symbol(table: HuffmanTable): number {
    const entry = table[this.#word()]!;
    if (entry === 0) throw new CodeError(this.ended ? 'data are missing' : 'a code that there is not');
    this.#at += entry >> 8;
    return entry & 255;
  }

  skip(bits: number): void {
    this.#at += bits;
  }

  /** A number of 0 to 15 bits. */
  number(bits: number): number {
    const value = bits === 0 ? 0 : this.#word() >> (16 - bits);
    this.#at += bits;
    return value;
  }

  /** The next 16 bits. */
  #word(): number {
    const bytes = this.#bytes;
    const i = this.#at >> 3;
    return (((bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!) >> (8 - (this.#at & 7))) & 0xffff;
  }
}

/** Copies coded data without the 0 behind each 0xFF. @returns how many bytes */
function unstuffed(coded: Buffer, out: Uint8Array): number {
  let to = 0;
  for (let from = 0; from < coded.length; ) {
    const found = coded.indexOf(0xff, from);
    const end = found < 0 ? coded.length : found + 1;
    out.set(coded.subarray(from, end), to);
    to += end - from;
    from = found < 0 ? end : end + 1;
  }
  return to;
}
