/**
 * Checks that a PNG file is whole (PNG Specification, Third Edition, sections 5, 10 and 11), before its pixels are
 * decoded, fast or slow: libpng itself passes over some of it. Ancillary chunks with a wrong CRC are passed over.
 */
import { inflateSync } from 'node:zlib';
import { checkDecoded } from '../../shared/size-limit.ts';
import { type PngChunk, pngChunks } from './png.ts';
import { unfiltered } from './png-filter.ts';
import { isPng } from './sniff.ts';
import { damaged, severalPictures } from './unread.ts';

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly interlaced: boolean;
}

/** A PNG whose chunks are in order. */
export interface PngParts extends PngHeader {
  readonly pixels: Buffer;
  /** Colours of its palette. */
  readonly colours: number;
  /** Some colours are transparent: chunk tRNS. */
  readonly transparent: boolean;
  /** More than 1: an animation. */
  readonly pictures: number;
}

/** Samples a pixel and allowed depths, by colour type: grey, RGB, palette, grey + alpha, RGBA. */
const kinds: Readonly<Record<number, { readonly samples: number; readonly depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};

/** Of the raster: a palette becomes RGB or RGBA. */
export const decodedBytes = (parts: PngParts): number => {
  const { width, height, depth, colour, transparent } = parts;
  const samples = colour === 3 ? 3 : samplesOf(parts);
  return width * height * (samples + (transparent ? 1 : 0)) * (depth === 16 ? 2 : 1);
};

export const samplesOf = ({ colour }: PngHeader): number => kinds[colour]!.samples;

/** @throws InputError for a damaged file, too many pixels, or several pictures */
export function checkPng(bytes: Buffer, name: string): void {
  const parts = readPng(bytes);
  if (typeof parts === 'string') throw damaged(name, 'PNG', parts);
  if (parts.pictures > 1) throw severalPictures(name, parts.pictures);
  checkDecoded(decodedBytes(parts), bytes.length, name);
  const rows = inflatedRows(parts);
  if (!rows) throw damaged(name, 'PNG', 'its pixels are cut off or changed');
  if (parts.colour === 3 && !paletteSuffices(rows, parts))
    throw damaged(name, 'PNG', 'a pixel has no colour in its palette');
}

/** Writers put at least 8 KiB of pixels into a chunk. */
const mostChunks = 100_000;

/** @returns a few words for a damaged file */
export function readPng(bytes: Buffer): PngParts | string {
  if (!isPng(bytes)) return 'it has no signature';
  const chunks: PngChunk[] = [];
  for (const chunk of pngChunks(bytes))
    if (chunks.push(chunk) > mostChunks) return `it has more than ${mostChunks} chunks`;
  const header =
    chunks[0]?.type === 'IHDR' && chunks[0].intact ? headerOf(chunks[0].data) : 'it has no header';
  if (typeof header === 'string') return header;
  const end = chunks.findIndex(({ type }) => type === 'IEND');
  if (end < 0) return 'it ends too early';
  const whole = chunks.slice(0, end + 1);
  const fault = orderFault(whole, header) ?? whole.map(chunkFault).find((found) => found !== null);
  if (fault) return fault;
  const parts = whole.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const pixels = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  const transparent = whole.some(({ type }) => type === 'tRNS');
  const colours = (whole.find(({ type }) => type === 'PLTE')?.data.length ?? 0) / 3;
  return { ...header, pixels, colours, transparent, pictures: picturesIn(whole) };
}

function headerOf(data: Buffer): PngHeader | string {
  if (data.length !== 13) return 'its header has another length';
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  const [depth, colour, compression, filter, interlace] = data.subarray(8);
  if (width === 0 || height === 0 || width >= 2 ** 31 || height >= 2 ** 31) return `it is ${width}x${height}`;
  if (!kinds[colour!]?.depths.includes(depth!)) return `colour type ${colour} with ${depth} bits`;
  if (compression !== 0) return `compression method ${compression}`;
  if (filter !== 0) return `filter method ${filter}`;
  if (interlace! > 1) return `interlace method ${interlace}`;
  return { width, height, depth: depth!, colour: colour!, interlaced: interlace === 1 };
}

const critical = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND']);

function chunkFault({ type, data, intact }: PngChunk): string | null {
  if (!/^[A-Za-z]{4}$/.test(type)) return 'a chunk has no name';
  if (/^[a-z]/.test(type)) return null;
  if (!critical.has(type)) return `unknown critical chunk ${type}`;
  if (!intact) return `chunk ${type} is damaged`;
  if (type === 'IEND' && data.length > 0) return 'its end has data';
  return type === 'PLTE' && (data.length % 3 !== 0 || data.length > 768 || data.length === 0)
    ? `a palette of ${data.length} bytes`
    : null;
}

/** One IHDR, at most one PLTE before IDAT, and all IDAT in a row. */
function orderFault(chunks: readonly PngChunk[], { colour, depth }: PngHeader): string | null {
  const at = (wanted: string): number[] => chunks.flatMap(({ type }, i) => (type === wanted ? [i] : []));
  const [headers, palettes, pixels] = [at('IHDR'), at('PLTE'), at('IDAT')];
  if (headers.length > 1) return 'it has two headers';
  if (pixels.length === 0) return 'it has no pixels';
  if (pixels.at(-1)! - pixels[0]! !== pixels.length - 1) return 'other chunks stand between its pixels';
  if (palettes.length > 1) return 'it has two palettes';
  if (palettes.length === 0) return colour === 3 ? 'it has no palette' : null;
  if (palettes[0]! > pixels[0]!) return 'its palette stands behind its pixels';
  if (colour === 0 || colour === 4) return 'a grey picture has a palette';
  const entries = chunks[palettes[0]!]!.data.length / 3;
  return colour === 3 && entries > 2 ** depth ? `a palette of ${entries} colours for ${depth} bits` : null;
}

/** Frames of an animation, and the picture before them where it is none of them. */
function picturesIn(chunks: readonly PngChunk[]): number {
  const control = chunks.find(({ type, data }) => type === 'acTL' && data.length >= 4);
  if (!control) return 1;
  const first = chunks.findIndex(({ type }) => type === 'IDAT');
  const begins = chunks.slice(0, first).some(({ type }) => type === 'fcTL');
  const stated = control.data.readUInt32BE(0);
  const frames = stated < 2 ** 31 ? stated : chunks.filter(({ type }) => type === 'fcTL').length;
  return frames + (begins ? 0 : 1);
}

/** Columns and rows of the seven passes of Adam7: first column and row, and the steps between. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Width, height and bytes a row of the picture, or of each pass of an interlaced one. */
function shapesOf(header: PngHeader): { width: number; height: number; stride: number }[] {
  const bits = samplesOf(header) * header.depth;
  const steps = header.interlaced ? passes : [[0, 0, 1, 1] as const];
  return steps
    .map(
      ([x, y, dx, dy]) => [Math.ceil((header.width - x) / dx), Math.ceil((header.height - y) / dy)] as const,
    )
    .filter(([width, height]) => width > 0 && height > 0)
    .map(([width, height]) => ({ width, height, stride: Math.ceil((width * bits) / 8) }));
}

/** Bytes of all filtered rows. */
const lengthOf = (header: PngHeader): number =>
  shapesOf(header).reduce((sum, { height, stride }) => sum + height * (1 + stride), 0);

/** Whether every pixel points at a colour. */
function paletteSuffices(filtered: Buffer, parts: PngParts): boolean {
  if (parts.colours === 2 ** parts.depth) return true;
  const [bits, mask] = [parts.depth, 2 ** parts.depth - 1];
  let at = 0;
  for (const { width, height, stride } of shapesOf(parts)) {
    const rows = unfiltered(filtered.subarray(at), stride, height, 1);
    at += height * (1 + stride);
    for (let i = 0; rows && i < width * height; i++) {
      const bit = (i % width) * bits;
      const byte = rows[Math.floor(i / width) * stride + (bit >> 3)]!;
      if (((byte >> (8 - bits - (bit & 7))) & mask) >= parts.colours) return false;
    }
  }
  return true;
}

/** The filtered rows; null unless their stream is whole and has their length. */
export function inflatedRows(parts: PngParts): Buffer | null {
  const expected = lengthOf(parts);
  // The stream may name a smaller window than its distances need; zlib sees it only where output comes in pieces.
  const window = 2 ** (8 + (parts.pixels[0]! >> 4));
  const inOne = window >= Math.min(expected, 32768);
  try {
    const rows = inflateSync(parts.pixels, {
      maxOutputLength: expected,
      chunkSize: inOne ? Math.max(expected + 1, 64) : 64, // one more byte shows that it ends there
      windowBits: inOne ? 15 : 0,
    });
    return rows.length === expected ? rows : null;
  } catch {
    return null;
  }
}
