/**
 * Netpbm: PBM, PGM and PPM (P1 to P6; netpbm.sourceforge.net/doc), one picture in a file. Samples are the numbers of the
 * file; grey of 1, 2 and 4 bits is multiplied by 255, 85 and 17. A PBM keeps its bits: 1, black, becomes 255.
 */
import { checkDecoded } from '../../shared/size-limit.ts';
import type { Depth, Raster } from '../../shared/types.ts';
import { damaged, severalPictures } from './unread.ts';

export function decodePnm(bytes: Buffer, name: string): Raster {
  const header = headerOf(bytes, name);
  const { format, width, height, most } = header;
  const channels = format === 3 || format === 6 ? 3 : 1;
  const depth: Depth = most > 255 ? 16 : 8;
  const count = width * height * channels;
  checkDecoded((count * depth) / 8, bytes.length, name);
  const stored =
    format < 4 ? plainNumbers(bytes, header, count, name) : packedSamples(bytes, header, count, name);
  if (stored.some((value) => !(value <= most)))
    throw damaged(name, 'PNM', `a sample is no number up to ${most}`);
  const factor = { 1: 255, 3: 85, 15: 17 }[most] ?? 1;
  const data = depth === 16 ? Uint16Array.from(stored) : Uint8Array.from(stored, (value) => value * factor);
  return { width, height, channels, depth, data };
}

interface Header {
  readonly format: number;
  readonly width: number;
  readonly height: number;
  /** Largest sample. */
  readonly most: number;
  /** Where the samples begin. */
  readonly start: number;
}

function headerOf(bytes: Buffer, name: string): Header {
  const text = bytes.toString('latin1', 0, 4096);
  const gap = String.raw`(?:\s|#[^\n]*\n)+`;
  const found = new RegExp(`^P([1-6])${gap}(\\d+)${gap}(\\d+)(?:${gap}(\\d+))?`).exec(text);
  const format = Number(found?.[1]);
  const bitmap = format === 1 || format === 4;
  const head = found && bitmap ? new RegExp(`^P[14]${gap}\\d+${gap}\\d+`).exec(text)![0] : found?.[0];
  const [width, height, most] = [Number(found?.[2]), Number(found?.[3]), bitmap ? 1 : Number(found?.[4])];
  if (!head || !(width > 0 && height > 0 && most >= 1 && most <= 65535))
    throw damaged(name, 'PNM', 'its header is none');
  return { format, width, height, most, start: head.length + 1 };
}

/** Decimal numbers; the digits of a PBM need no space between. */
function plainNumbers(bytes: Buffer, { format, start }: Header, count: number, name: string): number[] {
  const text = bytes.toString('latin1', start).replace(/#[^\n]*/g, '');
  const numbers = (text.match(format === 1 ? /\S/g : /\S+/g) ?? []).map(Number);
  if (numbers.length === count) return numbers;
  throw damaged(name, 'PNM', `it has ${numbers.length} of ${count} samples`);
}

function packedSamples(
  bytes: Buffer,
  { format, width, height, most, start }: Header,
  count: number,
  name: string,
) {
  const stride = Math.ceil(width / 8);
  const length = format === 4 ? stride * height : most > 255 ? 2 * count : count;
  const body = bytes.subarray(start, start + length);
  const behind = bytes.toString('latin1', start + length, start + length + 4096).trimStart();
  if (body.length < length) throw damaged(name, 'PNM', 'it ends too soon');
  if (/^P[1-6]\s/.test(behind)) throw severalPictures(name, 2);
  if (behind !== '') throw damaged(name, 'PNM', 'it has data behind its end');
  if (format !== 4) return most > 255 ? bigEndianWords(body) : body;
  return Uint8Array.from({ length: count }, (_, i) => {
    const column = i % width;
    return (body[Math.floor(i / width) * stride + (column >> 3)]! >> (7 - (column & 7))) & 1;
  });
}

const bigEndianWords = (body: Buffer): Uint16Array =>
  Uint16Array.from({ length: body.length / 2 }, (_, i) => body.readUInt16BE(2 * i));
