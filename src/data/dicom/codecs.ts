/**
 * Compressed frames, by transfer syntax (PS3.5, annex A). dcmjs-codecs decodes JPEG of 8, 12 and 16 bits, JPEG-LS and
 * JPEG XL: libjpeg, CharLS and libjxl as WebAssembly, which load in 35 ms when the first such frame comes. OpenJPEG
 * decodes JPEG 2000; RLE and deflated frames are decoded here. A stream that does not fit the attributes is refused.
 */
import codecs from 'dcmjs-codecs';
import { messageOf } from '../../shared/errors.ts';
import { inflate } from './file.ts';
import { decodeJpeg2000 } from './jpeg2000.ts';
import type { PixelModule } from './pixel-module.ts';
import { decodeRle } from './rle.ts';
import { type StreamFacts, streamFacts } from './stream.ts';
import { misfitOf } from './stream-fit.ts';

const { Context, NativeCodecs } = codecs; // CommonJS without named exports

export type Coding = 'deflated' | 'RLE' | 'JPEG' | 'JPEG-LS' | 'JPEG 2000' | 'JPEG XL';

const codings: Readonly<Record<string, Coding>> = {
  '1.2.840.10008.1.2.5': 'RLE',
  '1.2.840.10008.1.2.8.1': 'deflated',
  '1.2.840.10008.1.2.4.50': 'JPEG', // baseline, 8 bits
  '1.2.840.10008.1.2.4.51': 'JPEG', // extended, 12 bits
  '1.2.840.10008.1.2.4.57': 'JPEG', // lossless
  '1.2.840.10008.1.2.4.70': 'JPEG', // lossless, first-order prediction
  '1.2.840.10008.1.2.4.80': 'JPEG-LS',
  '1.2.840.10008.1.2.4.81': 'JPEG-LS', // near-lossless
  '1.2.840.10008.1.2.4.90': 'JPEG 2000', // reversible only
  '1.2.840.10008.1.2.4.91': 'JPEG 2000',
  '1.2.840.10008.1.2.4.110': 'JPEG XL',
  '1.2.840.10008.1.2.4.112': 'JPEG XL',
  '1.2.840.10008.1.2.4.201': 'JPEG 2000', // high throughput
  '1.2.840.10008.1.2.4.202': 'JPEG 2000',
  '1.2.840.10008.1.2.4.203': 'JPEG 2000',
};

/** How the frames of a transfer syntax are compressed, undefined if it is not known. */
export const codingOf = (transferSyntax: string): Coding | undefined => codings[transferSyntax];

/** A frame as the decoder gives it. */
export interface DecodedFrame {
  readonly bytes: Buffer;
  /** Bytes a sample; 0: as uncompressed pixel data, single bits packed and colours in their planes. */
  readonly width: 0 | 1 | 2;
  /** Whether colours came as RGB, whatever the attributes say. */
  readonly rgb: boolean;
  /** Offset added to signed samples. */
  readonly raised: number;
}

/**
 * Decodes one frame.
 * @throws Error with the reason if the stream is damaged, too short, or not as the attributes say
 */
export async function decodeFrame(
  stream: Uint8Array,
  coding: Coding,
  pixels: PixelModule,
): Promise<DecodedFrame> {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength);
  if (coding === 'deflated') return native(inflate(bytes, frameLength(pixels)));
  if (coding === 'RLE') return rle(bytes, pixels);
  if (coding === 'JPEG XL') return jpegXl(bytes, pixels);
  const early = cutOff(bytes);
  if (early) throw new Error(early);
  const facts = streamFacts(bytes);
  if (facts.format !== coding)
    throw new Error(`its stream is ${facts.format}, its transfer syntax ${coding}`);
  const misfit = misfitOf(facts, pixels);
  if (misfit) throw new Error(misfit);
  return facts.format === 'JPEG 2000' ? jpeg2000(bytes, facts) : jpeg(bytes, facts, pixels);
}

const native = (bytes: Buffer): DecodedFrame => ({ bytes, width: 0, rgb: false, raised: 0 });

/** Bytes of an uncompressed frame. */
const frameLength = ({ width, height, samples, bitsAllocated }: PixelModule): number =>
  Math.ceil((width * height * samples * bitsAllocated) / 8);

/** Single bits stand packed in one segment, or one in a byte. */
function rle(bytes: Buffer, pixels: PixelModule): DecodedFrame {
  const { width, height, samples, bitsAllocated } = pixels;
  const count = width * height;
  if (bitsAllocated > 1)
    return {
      ...native(decodeRle(bytes, count, samples, bitsAllocated === 16 ? 2 : 1)),
      width: bitsAllocated === 16 ? 2 : 1,
    };
  try {
    return { ...native(decodeRle(bytes, count, 1, 1)), width: 1 };
  } catch {
    return native(decodeRle(bytes, frameLength(pixels), 1, 1));
  }
}

async function jpeg2000(
  bytes: Buffer,
  { precision, signed, transformed }: StreamFacts,
): Promise<DecodedFrame> {
  const samples = await decodeJpeg2000(bytes);
  return {
    bytes: samples,
    width: precision > 8 ? 2 : 1,
    rgb: transformed,
    raised: signed ? 2 ** (precision - 1) : 0,
  };
}

/** JPEG of the discrete cosine transform has subsampled colours, which libjpeg turns into RGB as it scales them up. */
async function jpeg(bytes: Buffer, facts: StreamFacts, pixels: PixelModule): Promise<DecodedFrame> {
  const toRgb = pixels.photometric.startsWith('YBR') && facts.process !== undefined && facts.process !== 3;
  const decoder = facts.format === 'JPEG' ? 'decodeJpeg' : 'decodeJpegLs';
  const { precision } = facts;
  return {
    bytes: await byLibrary(bytes, decoder, pixels, precision, toRgb),
    width: precision > 8 ? 2 : 1,
    rgb: toRgb || facts.transformed,
    raised: 0,
  };
}

async function jpegXl(bytes: Buffer, pixels: PixelModule): Promise<DecodedFrame> {
  const samples = await byLibrary(bytes, 'decodeJpegXl', pixels, pixels.bitsStored, false);
  return { bytes: samples, width: pixels.bitsAllocated === 16 ? 2 : 1, rgb: true, raised: 0 };
}

async function byLibrary(
  stream: Buffer,
  decoder: 'decodeJpeg' | 'decodeJpegLs' | 'decodeJpegXl',
  pixels: PixelModule,
  precision: number,
  toRgb: boolean,
): Promise<Buffer> {
  if (!NativeCodecs.isInitialized()) await NativeCodecs.initializeAsync();
  const context = new Context({
    width: pixels.width,
    height: pixels.height,
    bitsAllocated: precision > 8 ? 16 : 8,
    bitsStored: precision,
    samplesPerPixel: pixels.samples,
    pixelRepresentation: pixels.signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: pixels.photometric,
    encodedBuffer: new Uint8Array(stream),
  });
  try {
    const decoded = NativeCodecs[decoder](context, { convertColorspaceToRgb: toRgb }).getDecodedBuffer()!;
    return Buffer.from(decoded.buffer, decoded.byteOffset, decoded.byteLength);
  } catch (error) {
    throw new Error(messageOf(error).split('::').at(-1)!);
  }
}

/** A stream without its end marker, which decoders fill up with grey; some bytes of filling may follow it. */
const cutOff = (bytes: Buffer): string | null =>
  bytes.lastIndexOf('ffd9', undefined, 'hex') < bytes.length - 4 ? 'it ends too early' : null;
