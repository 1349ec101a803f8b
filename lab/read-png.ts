/**
 * PNG to its exact samples (PNG Specification, Third Edition), which a browser's own decoder does not give: it converts
 * colours, multiplies by alpha and drops the low byte of 16 bits. Taken: grey or colour with or without alpha, 8 or 16
 * bits, and palettes of 8 bits; not interlaced.
 */
import { InputError } from '../src/shared/errors.ts';
import type { Raster } from '../src/shared/types.ts';

const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

interface Parts {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly interlaced: boolean;
  readonly palette: Uint8Array | null;
  readonly pixels: readonly Uint8Array<ArrayBuffer>[];
}

export const isPng = (bytes: Uint8Array): boolean =>
  [0x89, 0x50, 0x4e, 0x47].every((byte, at) => bytes[at] === byte);

/** @throws InputError for a PNG of another kind, or a damaged one */
export async function readPng(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Raster> {
  const parts = partsOf(bytes, name);
  const { width, height, depth, colour, interlaced, palette } = parts;
  if (interlaced || !(depth === 16 || depth === 8))
    throw new InputError(
      `${name}: expected a PNG of 8 or 16 bits without interlacing, got ${interlaced ? 'an interlaced one' : `${depth} bits`}; save it again`,
    );
  const channels = samplesOf[colour]!;
  const pixel = (channels * depth) / 8;
  const rows = await inflated(parts.pixels, name);
  if (rows.length < height * (1 + width * pixel)) throw damaged(name);
  const data = unfiltered(rows, width * pixel, height, pixel);
  if (palette)
    return { width, height, channels: 3, depth: 8, data: data.length ? inColours(data, palette) : data };
  return { width, height, channels, depth, data: depth === 8 ? data : words(data) };
}

const damaged = (name: string): InputError =>
  new InputError(`${name}: the PNG is damaged; get the file again`);

function partsOf(bytes: Uint8Array<ArrayBuffer>, name: string): Parts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const pixels: Uint8Array<ArrayBuffer>[] = [];
  let palette: Uint8Array | null = null;
  if (bytes.length < 33) throw damaged(name);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const [length, type] = [view.getUint32(at), String.fromCharCode(...bytes.subarray(at + 4, at + 8))];
    if (at + 12 + length > bytes.length) throw damaged(name);
    if (type === 'IDAT') pixels.push(bytes.subarray(at + 8, at + 8 + length));
    if (type === 'PLTE' && bytes[25] === 3) palette = bytes.subarray(at + 8, at + 8 + length);
    at += 12 + length;
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  return {
    width,
    height,
    depth: bytes[24]!,
    colour: bytes[25]!,
    interlaced: bytes[28] === 1,
    palette,
    pixels,
  };
}

async function inflated(parts: readonly Uint8Array<ArrayBuffer>[], name: string): Promise<Uint8Array> {
  try {
    const stream = new Blob([...parts]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw damaged(name);
  }
}

/** Undoes the filters of the rows: none, sub, up, average, Paeth (section 9.2). */
function unfiltered(
  rows: Uint8Array,
  stride: number,
  height: number,
  pixel: number,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(stride * height);
  for (let row = 0; row < height; row++) {
    const [type, from, to] = [rows[row * (stride + 1)]!, row * (stride + 1) + 1, row * stride];
    for (let i = 0; i < stride; i++) {
      const left = i < pixel ? 0 : out[to + i - pixel]!;
      const above = row === 0 ? 0 : out[to + i - stride]!;
      const corner = row === 0 || i < pixel ? 0 : out[to + i - stride - pixel]!;
      out[to + i] = rows[from + i]! + predicted(type, left, above, corner);
    }
  }
  return out;
}

function predicted(type: number, left: number, above: number, corner: number): number {
  if (type === 1) return left;
  if (type === 2) return above;
  if (type === 3) return (left + above) >> 1;
  if (type !== 4) return 0;
  const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

function words(bytes: Uint8Array<ArrayBuffer>): Uint16Array {
  const view = new DataView(bytes.buffer);
  return Uint16Array.from({ length: bytes.length / 2 }, (_, at) => view.getUint16(2 * at));
}

const inColours = (indices: Uint8Array, palette: Uint8Array): Uint8Array =>
  Uint8Array.from(
    { length: 3 * indices.length },
    (_, at) => palette[3 * indices[Math.floor(at / 3)]! + (at % 3)] ?? 0,
  );
