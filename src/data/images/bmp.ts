/**
 * BMP (Microsoft, BITMAPINFOHEADER and its successors; OS/2's BITMAPCOREHEADER): 1, 4 and 8 bits by palette, 24 and 32
 * bits. BMP has no grey pictures: a palette of greys gives one channel.
 */
import { checkDecoded } from '../../shared/size-limit.ts';
import type { Raster } from '../../shared/types.ts';
import { damaged, unread } from './unread.ts';

interface Header {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  /** Entries of red, green, blue; empty from 24 bits on. */
  readonly palette: readonly (readonly number[])[];
  /** Offsets of red, green, blue (and alpha) within a pixel's bytes. */
  readonly order: readonly number[];
  readonly start: number;
}

export function decodeBmp(bytes: Buffer, name: string): Raster {
  const header = headerOf(bytes, name);
  const { width, height, bits } = header;
  const stride = 4 * Math.ceil((width * bits) / 32);
  if (width < 1 || height < 1) throw damaged(name, 'BMP', 'it has no pixels');
  if (header.start + stride * height > bytes.length) throw damaged(name, 'BMP', 'it ends too soon');
  const channels = bits > 8 ? header.order.length : header.palette.every(isGrey) ? 1 : 3;
  checkDecoded(width * height * channels, bytes.length, name);
  const data = new Uint8Array(width * height * channels);
  for (let row = 0, at = 0; row < height; row++) {
    const line = header.start + stride * (header.topDown ? row : height - 1 - row);
    for (let column = 0; column < width; column++, at += channels)
      data.set(pixelOf(bytes, line, column, header, channels, name), at);
  }
  return { width, height, channels, depth: 8, data };
}

const isGrey = ([red, green, blue]: readonly number[]): boolean => red === green && green === blue;

function pixelOf(
  bytes: Buffer,
  line: number,
  column: number,
  { bits, palette, order }: Header,
  channels: number,
  name: string,
): readonly number[] {
  if (bits > 8) return order.map((offset) => bytes[line + (column * bits) / 8 + offset]!);
  const bit = column * bits;
  const index = (bytes[line + (bit >> 3)]! >> (8 - bits - (bit & 7))) & (2 ** bits - 1);
  const entry = palette[index];
  if (!entry) throw damaged(name, 'BMP', `palette has no entry ${index}`);
  return entry.slice(0, channels);
}

function headerOf(bytes: Buffer, name: string): Header {
  if (bytes.length < 54 && bytes.length < 14 + bytes.readUInt32LE(14))
    throw damaged(name, 'BMP', 'it ends too soon');
  const size = bytes.readUInt32LE(14);
  const core = size === 12;
  const height = core ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(core ? 24 : 28);
  const compression = core ? 0 : bytes.readUInt32LE(30);
  if (![1, 4, 8, 24, 32].includes(bits)) throw unread(name, `a BMP of ${bits} bits a pixel`, 'PNG');
  if (![0, 3, 6].includes(compression)) throw unread(name, 'a compressed BMP', 'PNG');
  return {
    width: core ? bytes.readUInt16LE(18) : bytes.readInt32LE(18),
    height: Math.abs(height),
    topDown: height < 0,
    bits,
    palette: bits > 8 ? [] : paletteOf(bytes, size, bits),
    order: bits > 8 ? orderOf(bytes, size, bits, compression, name) : [],
    start: bytes.readUInt32LE(10),
  };
}

function paletteOf(bytes: Buffer, size: number, bits: number): number[][] {
  const used = size === 12 ? 0 : bytes.readUInt32LE(46);
  const step = size === 12 ? 3 : 4;
  const count = used > 0 && used <= 2 ** bits ? used : 2 ** bits;
  return Array.from({ length: count }, (_, i) => {
    const [blue, green, red] = bytes.subarray(14 + size + step * i);
    return [red ?? 0, green ?? 0, blue ?? 0];
  });
}

/** Blue, green, red unless bit fields give whole bytes in another order; alpha where they name it. */
function orderOf(bytes: Buffer, size: number, bits: number, compression: number, name: string): number[] {
  if (compression === 0) return [2, 1, 0];
  const count = size >= 56 || compression === 6 ? 4 : 3;
  const masks = Array.from({ length: count }, (_, i) =>
    bytes.length >= 58 + 4 * i ? bytes.readUInt32LE(54 + 4 * i) : 0,
  );
  const order = masks.filter((mask, i) => i < 3 || mask !== 0).map((mask) => wholeBytes.indexOf(mask));
  if (bits !== 32 || order.includes(-1)) throw unread(name, 'a BMP of these bit fields', 'PNG');
  return order;
}

const wholeBytes = [0xff, 0xff00, 0xff0000, 0xff000000];
