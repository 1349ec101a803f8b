/** TIFF files written by hand: any bits, byte order, compression, strips or tiles, planes, and any fault. */
import { deflateSync } from 'node:zlib';

export interface TiffKind {
  readonly width: number;
  readonly height: number;
  /** Bits a sample. */
  readonly bits: number;
  /** Samples a pixel. */
  readonly samples: number;
  readonly order?: 'II' | 'MM';
  readonly big?: boolean;
  readonly planar?: boolean;
  /** 1 none, 5 LZW, 8 Deflate, 32773 PackBits; another one only names itself. */
  readonly compression?: number;
  readonly predictor?: boolean;
  /** Both sides of a tile; strips have 5 rows. */
  readonly tile?: number;
  readonly photometric?: number;
  /** Further tags, or others in place of those that are written: [tag, type, values]. */
  readonly tags?: readonly (readonly [tag: number, type: number, values: readonly number[] | string])[];
}

/** The k-th sample of the picture, row by row. */
export const sampleAt = (kind: TiffKind, k: number): number => (k * 2654435761 + (k >> 3)) % 2 ** kind.bits;

/** All samples, as numbers, in raster order. */
export const samplesOf = (kind: TiffKind): number[] =>
  Array.from({ length: kind.width * kind.height * kind.samples }, (_, k) => sampleAt(kind, k));

export function tiff(kind: TiffKind): Buffer {
  const segments = segmentsOf(kind).map((rows) => packed(kind, rows));
  const lengths = segments.map(({ length }) => length);
  const offsets = lengths.map((_, i) => 16 + lengths.slice(0, i).reduce((sum, length) => sum + length, 0));
  const [at, bytes] = kind.tile ? [324, 325] : [273, 279];
  const sizes: [number, number, number[]][] = kind.tile
    ? [
        [322, 3, [kind.tile]],
        [323, 3, [kind.tile]],
      ]
    : [[278, 3, [5]]];
  const own: [number, number, readonly number[] | string][] = [
    [256, 3, [kind.width]],
    [257, 3, [kind.height]],
    [258, 3, Array(kind.samples).fill(kind.bits)],
    [259, 3, [kind.compression ?? 1]],
    [262, 3, [kind.photometric ?? (kind.samples > 2 ? 2 : 1)]],
    [277, 3, [kind.samples]],
    [284, 3, [kind.planar ? 2 : 1]],
    [317, 3, [kind.predictor ? 2 : 1]],
    ...sizes,
    [at, 4, offsets],
    [bytes, 4, lengths],
  ];
  const others = kind.tags ?? [];
  const tags = [...own.filter(([tag]) => !others.some(([other]) => other === tag)), ...others];
  return file(
    kind,
    Buffer.concat(segments),
    tags.sort(([a], [b]) => a - b),
  );
}

/** Rows of samples of each strip or tile; tiles are filled up with 0. */
function segmentsOf(kind: TiffKind): number[][][] {
  const { width, height, samples, tile, planar } = kind;
  const [across, down] = [tile ?? width, tile ?? 5];
  const planes = planar
    ? Array.from({ length: samples }, (_, c) => [c])
    : [Array.from({ length: samples }, (_, c) => c)];
  const out: number[][][] = [];
  for (const plane of planes)
    for (let top = 0; top < height; top += down)
      for (let left = 0; left < width; left += across) {
        const rows = tile ? down : Math.min(down, height - top);
        out.push(
          Array.from({ length: rows }, (_, y) =>
            Array.from({ length: across }, (_, x) => [top + y, left + x] as const).flatMap(([row, column]) =>
              plane.map((c) =>
                row < height && column < width ? sampleAt(kind, (row * width + column) * samples + c) : 0,
              ),
            ),
          ),
        );
      }
  return out;
}

function packed(kind: TiffKind, rows: number[][]): Buffer {
  const bytes = Buffer.concat(rows.map((row) => rowBytes(kind, row)));
  if (kind.compression === 8) return deflateSync(bytes);
  if (kind.compression === 5) return lzw(bytes);
  return kind.compression === 32773 ? packBits(bytes) : bytes;
}

function rowBytes({ bits, order = 'II', predictor, samples, planar }: TiffKind, row: number[]): Buffer {
  const step = planar ? 1 : samples;
  const stored = predictor ? row.map((v, i) => (v - (row[i - step] ?? 0) + 2 ** bits) % 2 ** bits) : row;
  if (bits === 16 || bits === 32) {
    const whole = Buffer.concat(
      stored.map((v) => Buffer.from(v.toString(16).padStart(bits / 4, '0'), 'hex')),
    );
    return order === 'MM' ? whole : bits === 16 ? whole.swap16() : whole.swap32();
  }
  const text = stored.map((v) => v.toString(2).padStart(bits, '0')).join('');
  const bytes = text.match(/.{1,8}/g)!.map((eight) => Number.parseInt(eight.padEnd(8, '0'), 2));
  return Buffer.from(bytes);
}

/** Literals of 9 bits, with a clear code before the width would grow. */
function lzw(bytes: Buffer): Buffer {
  const codes: number[] = [];
  for (const [i, byte] of bytes.entries()) codes.push(...(i % 250 === 0 ? [256, byte] : [byte]));
  const text = [...codes, 257].map((code) => code.toString(2).padStart(9, '0')).join('');
  return Buffer.from(text.match(/.{1,8}/g)!.map((eight) => Number.parseInt(eight.padEnd(8, '0'), 2)));
}

/** Runs where three bytes are equal, else single bytes. */
function packBits(bytes: Buffer): Buffer {
  const out: number[] = [];
  for (let i = 0; i < bytes.length; ) {
    let run = 1;
    while (run < 128 && bytes[i + run] === bytes[i]) run++;
    out.push(...(run > 2 ? [257 - run, bytes[i]!] : [0, bytes[i]!]));
    i += run > 2 ? run : 1;
  }
  return Buffer.from(out);
}

const sizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 13: 4, 16: 8 };

/** Header of 16 bytes, samples from there on, the directory, long values. */
function file(
  { order = 'II', big = false }: TiffKind,
  samples: Buffer,
  tags: readonly (readonly [number, number, readonly number[] | string])[],
): Buffer {
  const number = (value: number, size: number): Buffer => {
    const bytes = Buffer.from(value.toString(16).padStart(2 * size, '0'), 'hex');
    return order === 'MM' ? bytes : bytes.reverse();
  };
  const [word, countSize] = big ? [8, 8] : [4, 2];
  const at = 16 + samples.length + (samples.length % 2);
  let free = at + countSize + tags.length * (4 + 2 * word) + word;
  const far: Buffer[] = [];
  const entries = tags.map(([tag, type, values]) => {
    const value =
      typeof values === 'string'
        ? Buffer.from(values, 'latin1')
        : Buffer.concat(values.map((v) => number(v, sizes[type]!)));
    const count = value.length / sizes[type]!;
    let field: Buffer = Buffer.concat([value, Buffer.alloc(Math.max(0, word - value.length))]);
    if (value.length > word) {
      field = number(free, word);
      far.push(value);
      free += value.length;
    }
    return Buffer.concat([number(tag, 2), number(type, 2), number(count, word), field]);
  });
  const head = big
    ? [number(43, 2), number(8, 2), number(0, 2), number(at, 8)]
    : [number(42, 2), number(at, 4), Buffer.alloc(8)];
  const pad = Buffer.alloc(samples.length % 2);
  return Buffer.concat([
    Buffer.from(order),
    ...head,
    samples,
    pad,
    number(tags.length, countSize),
    ...entries,
    number(0, word),
    ...far,
  ]);
}
