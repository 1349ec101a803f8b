/** DICOM files for tests, written by hand byte for byte, with frames that dcmjs-codecs compresses. */
import { deflateRawSync } from 'node:zlib';
import codecs from 'dcmjs-codecs';

const { Context, NativeCodecs } = codecs;

export const syntaxes = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  bigEndian: '1.2.840.10008.1.2.2',
  rle: '1.2.840.10008.1.2.5',
  jpeg: '1.2.840.10008.1.2.4.50',
  jpegLossless: '1.2.840.10008.1.2.4.70',
  jpegLs: '1.2.840.10008.1.2.4.80',
  jpeg2000: '1.2.840.10008.1.2.4.90',
  htJpeg2000: '1.2.840.10008.1.2.4.201',
  deflatedFrames: '1.2.840.10008.1.2.8.1',
  encapsulated: '1.2.840.10008.1.2.1.98',
} as const;
export type Syntax = keyof typeof syntaxes;

/** What a file holds besides its pixels; texts by tag. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Words as allocated, frame after frame. */
  readonly words: Uint8Array | Uint16Array;
  readonly samples?: number;
  readonly photometric?: string;
  readonly allocated?: number;
  readonly stored?: number;
  readonly highBit?: number;
  readonly signed?: boolean;
  readonly planar?: boolean;
  readonly frames?: number;
  /** By tag: `{ '00080020': 'DA 20200102' }`. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Further elements by tag: value representation and bytes. */
  readonly further?: Readonly<Record<string, readonly [vr: string, value: Buffer]>>;
  /** Value representation of uncompressed pixel data. */
  readonly vr?: string;
  /** null: no pixel data at all; else compressed streams in place of the words. */
  readonly pixels?: null | readonly Buffer[];
}

const longForms = new Set(['OB', 'OW', 'SQ', 'UN', 'UT', 'OF', 'OV', 'SV', 'UV', 'OD', 'OL', 'UC', 'UR']);

/** One element; its value is filled up to an even length. */
export function element(
  tag: string,
  vr: string,
  value: Buffer,
  syntax: Syntax = 'explicit',
  undefinedLength = false,
): Buffer {
  const big = syntax === 'bigEndian';
  const [group, id] = [Number.parseInt(tag.slice(0, 4), 16), Number.parseInt(tag.slice(4), 16)];
  const head = Buffer.alloc(12);
  const u16 = (v: number, at: number): number =>
    big ? head.writeUInt16BE(v, at) : head.writeUInt16LE(v, at);
  const u32 = (v: number, at: number): number =>
    big ? head.writeUInt32BE(v, at) : head.writeUInt32LE(v, at);
  u16(group, 0);
  u16(id, 2);
  const padded =
    value.length % 2 ? Buffer.concat([value, Buffer.from([vr === 'UI' || vr === 'OB' ? 0 : 32])]) : value;
  const length = undefinedLength ? 0xffffffff : padded.length;
  if (syntax === 'implicit') {
    u32(length, 4);
    return Buffer.concat([head.subarray(0, 8), padded]);
  }
  head.write(vr, 4, 'latin1');
  if (!longForms.has(vr)) {
    u16(length, 6);
    return Buffer.concat([head.subarray(0, 8), padded]);
  }
  u32(length, 8);
  return Buffer.concat([head, padded]);
}

/** A whole file. */
export async function dicom(picture: Picture, syntax: Syntax = 'explicit'): Promise<Buffer> {
  const meta = element('00020010', 'UI', Buffer.from(syntaxes[syntax]), 'explicit');
  const group = element('00020000', 'UL', number(meta.length, 4, false), 'explicit');
  const dataSet = await body(picture, syntax);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    group,
    meta,
    syntax === 'deflated' ? deflateRawSync(dataSet) : dataSet,
  ]);
}

function number(value: number, bytes: 2 | 4, big: boolean): Buffer {
  const out = Buffer.alloc(bytes);
  if (big) out.writeUIntBE(value, 0, bytes);
  else out.writeUIntLE(value, 0, bytes);
  return out;
}

async function body(picture: Picture, syntax: Syntax): Promise<Buffer> {
  const { width, height, words, samples = 1, frames = 1, texts = {}, further = {} } = picture;
  const allocated = picture.allocated ?? words.BYTES_PER_ELEMENT * 8;
  const stored = picture.stored ?? allocated;
  const big = syntax === 'bigEndian';
  const us = (value: number): readonly [string, Buffer] => ['US', number(value, 2, big)];
  const all: Record<string, readonly [string, Buffer]> = {
    '00280002': us(samples),
    '00280004': ['CS', Buffer.from(picture.photometric ?? (samples === 3 ? 'RGB' : 'MONOCHROME2'))],
    '00280008': ['IS', Buffer.from(String(frames))],
    '00280010': us(height),
    '00280011': us(width),
    '00280100': us(allocated),
    '00280101': us(stored),
    '00280102': us(picture.highBit ?? stored - 1),
    '00280103': us(picture.signed ? 1 : 0),
    ...(samples === 3 && { '00280006': us(picture.planar ? 1 : 0) }),
    ...further,
    ...Object.fromEntries(
      Object.entries(texts).map(([tag, text]) => [
        tag,
        [text.slice(0, 2), Buffer.from(text.slice(3))] as const,
      ]),
    ),
  };
  const elements = Object.entries(all)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tag, [vr, value]]) => element(tag, vr, value, syntax));
  if (picture.pixels) return Buffer.concat([...elements, encapsulated(picture.pixels)]);
  if (picture.pixels === null) return Buffer.concat(elements);
  return Buffer.concat([...elements, await pixelData(picture, allocated, stored, syntax)]);
}

async function pixelData(
  picture: Picture,
  allocated: number,
  stored: number,
  syntax: Syntax,
): Promise<Buffer> {
  const { words, frames = 1 } = picture;
  const bytes = Buffer.from(words.buffer, words.byteOffset, words.byteLength);
  const vr = picture.vr ?? (allocated === 16 ? 'OW' : 'OB');
  if (['implicit', 'explicit', 'deflated', 'bigEndian'].includes(syntax)) {
    const swap = syntax === 'bigEndian' && vr === 'OW';
    return element('7fe00010', vr, swap ? Buffer.from(bytes).swap16() : bytes, syntax);
  }
  const size = bytes.length / frames;
  const streams: Buffer[] = [];
  for (let i = 0; i < frames; i++)
    streams.push(await encoded(bytes.subarray(i * size, (i + 1) * size), picture, allocated, stored, syntax));
  return encapsulated(streams);
}

/** An empty offset table, then one fragment a stream. */
export function encapsulated(streams: readonly Buffer[]): Buffer {
  const item = (tag: string, value: Buffer): Buffer => element(tag, '', value, 'implicit');
  const items = [item('fffee000', Buffer.alloc(0)), ...streams.map((one) => item('fffee000', even(one)))];
  const end = item('fffee0dd', Buffer.alloc(0));
  return Buffer.concat([element('7fe00010', 'OB', Buffer.alloc(0), 'explicit', true), ...items, end]);
}

const even = (bytes: Buffer): Buffer => (bytes.length % 2 ? Buffer.concat([bytes, Buffer.alloc(1)]) : bytes);

/** Bytes in place of words for up to 8 bits stored; its encoders take no others. */
const narrowed = (frame: Buffer): Buffer => frame.filter((_, i) => i % 2 === 0) as Buffer;

async function encoded(
  frame: Buffer,
  picture: Picture,
  allocated: number,
  stored: number,
  syntax: Syntax,
): Promise<Buffer> {
  const jpeg = syntax.startsWith('jpeg') || syntax === 'htJpeg2000';
  if (jpeg && allocated === 16 && stored <= 8) return encoded(narrowed(frame), picture, 8, stored, syntax);
  if (syntax.endsWith('eg2000') && picture.signed)
    return signedJpeg2000(frame, picture, allocated, stored, syntax);
  if (syntax === 'encapsulated') return frame;
  if (syntax === 'deflatedFrames') return deflateRawSync(frame);
  if (syntax === 'rle' && allocated === 1) return rleOf(frame);
  if (!NativeCodecs.isInitialized()) await NativeCodecs.initializeAsync();
  const context = new Context({
    width: picture.width,
    height: picture.height,
    bitsAllocated: allocated,
    bitsStored: stored,
    samplesPerPixel: picture.samples ?? 1,
    pixelRepresentation: picture.signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: picture.photometric ?? (picture.samples === 3 ? 'RGB' : 'MONOCHROME2'),
    decodedBuffer: new Uint8Array(frame),
  });
  const encode = {
    rle: () => NativeCodecs.encodeRle(context),
    jpeg: () => NativeCodecs.encodeJpeg(context, { lossy: true, quality: 100 }),
    jpegLossless: () => NativeCodecs.encodeJpeg(context, { lossy: false, predictor: 1, pointTransform: 0 }),
    jpegLs: () => NativeCodecs.encodeJpegLs(context, { lossy: false }),
    jpeg2000: () => NativeCodecs.encodeJpeg2000(context, { lossy: false }),
    htJpeg2000: () => NativeCodecs.encodeHtJpeg2000(context, { lossy: false }),
  }[syntax as 'rle'];
  return Buffer.from(encode().getEncodedBuffer()!);
}

/** Encoded as unsigned samples, half the range higher, and said to be signed: the library's own are cut off at 0. */
async function signedJpeg2000(
  frame: Buffer,
  picture: Picture,
  allocated: number,
  stored: number,
  syntax: Syntax,
): Promise<Buffer> {
  const words = allocated === 16 ? new Uint16Array(Uint8Array.from(frame).buffer) : Uint8Array.from(frame);
  const bits = syntax === 'htJpeg2000' ? allocated : stored; // of the stream
  const value = (word: number): number => (word & (2 ** (stored - 1)) ? word - 2 ** stored : word);
  const raised = words.map((word) => value(word & (2 ** stored - 1)) + 2 ** (bits - 1));
  const unsigned = { ...picture, signed: false };
  const out = await encoded(Buffer.from(raised.buffer), unsigned, allocated, stored, syntax);
  out[out.indexOf('ff51', 0, 'hex') + 40]! |= 0x80;
  return out;
}

/** Frames of single bits, which dcmjs-codecs does not encode: one segment of literal runs. */
export function rleOf(segment: Buffer): Buffer {
  const head = Buffer.alloc(64);
  head.writeUInt32LE(1, 0);
  head.writeUInt32LE(64, 4);
  const runs = Array.from({ length: Math.ceil(segment.length / 128) }, (_, i) =>
    segment.subarray(128 * i, 128 * i + 128),
  );
  return Buffer.concat([head, ...runs.flatMap((run) => [Buffer.of(run.length - 1), run])]);
}
