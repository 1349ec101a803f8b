/**
 * Compressed frames, by transfer syntax (PS3.5, annex A), through dcmjs-codecs: libjpeg for 8, 12 and 16 bits,
 * OpenJPEG, CharLS and OpenJPH as WebAssembly, loaded when the first compressed frame comes (35 ms).
 */
import codecs from 'dcmjs-codecs';
import { messageOf } from '../../shared/errors.ts';
import type { PixelModule } from './pixel-module.ts';

const { Context, NativeCodecs } = codecs; // CommonJS without named exports

export type Decoder =
  | 'decodeRle'
  | 'decodeJpeg'
  | 'decodeJpegLs'
  | 'decodeJpeg2000'
  | 'decodeHtJpeg2000'
  | 'decodeJpegXl';

const decoders: Readonly<Record<string, Decoder>> = {
  '1.2.840.10008.1.2.5': 'decodeRle',
  '1.2.840.10008.1.2.4.50': 'decodeJpeg', // baseline, 8 bits
  '1.2.840.10008.1.2.4.51': 'decodeJpeg', // extended, 12 bits
  '1.2.840.10008.1.2.4.57': 'decodeJpeg', // lossless
  '1.2.840.10008.1.2.4.70': 'decodeJpeg', // lossless, first-order prediction
  '1.2.840.10008.1.2.4.80': 'decodeJpegLs',
  '1.2.840.10008.1.2.4.81': 'decodeJpegLs', // near-lossless
  '1.2.840.10008.1.2.4.90': 'decodeJpeg2000', // reversible only
  '1.2.840.10008.1.2.4.91': 'decodeJpeg2000',
  '1.2.840.10008.1.2.4.110': 'decodeJpegXl',
  '1.2.840.10008.1.2.4.112': 'decodeJpegXl',
  '1.2.840.10008.1.2.4.201': 'decodeHtJpeg2000',
  '1.2.840.10008.1.2.4.202': 'decodeHtJpeg2000',
  '1.2.840.10008.1.2.4.203': 'decodeHtJpeg2000',
};

/** The name of the decoder of a transfer syntax, undefined if none is known. */
export const decoderOf = (transferSyntax: string): Decoder | undefined => decoders[transferSyntax];

/**
 * Decodes one frame.
 * @returns samples as allocated, low byte first, pixel by pixel; colours as RGB
 * @throws Error with the decoder's reason if the stream is damaged or too short
 */
export async function decodeFrame(
  stream: Uint8Array,
  decoder: Decoder,
  pixels: PixelModule,
): Promise<Buffer> {
  const early = cutOff(stream, decoder);
  if (early) throw new Error(early);
  if (!NativeCodecs.isInitialized()) await NativeCodecs.initializeAsync();
  const context = new Context({
    width: pixels.width,
    height: pixels.height,
    bitsAllocated: pixels.bitsAllocated,
    bitsStored: pixels.bitsStored,
    samplesPerPixel: pixels.samples,
    pixelRepresentation: pixels.signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: pixels.photometric,
    encodedBuffer: new Uint8Array(stream),
  });
  try {
    const toRgb = pixels.photometric.startsWith('YBR');
    const decoded = NativeCodecs[decoder](context, { convertColorspaceToRgb: toRgb }).getDecodedBuffer()!;
    return Buffer.from(decoded.buffer, decoded.byteOffset, decoded.byteLength);
  } catch (error) {
    throw new Error(messageOf(error).split('::').at(-1)!);
  }
}

/** What the decoders would fill up with grey: JPEG without its end marker, RLE segments behind the end (PS3.5, G.5). */
function cutOff(stream: Uint8Array, decoder: Decoder): string | null {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength);
  if (decoder === 'decodeRle') {
    if (bytes.length < 64) return 'it ends within the RLE header';
    const segments = bytes.readUInt32LE(0);
    for (let i = 1; i <= Math.min(segments, 15); i++)
      if (bytes.readUInt32LE(4 * i) >= bytes.length) return `RLE segment ${i} of ${segments} is missing`;
    return null;
  }
  const jpeg = decoder === 'decodeJpeg' || decoder === 'decodeJpegLs';
  return jpeg && bytes.lastIndexOf('ffd9', undefined, 'hex') < bytes.length - 4 ? 'it ends too early' : null;
}
