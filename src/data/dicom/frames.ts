/** One frame of a DICOM file's pixel data: its words as allocated, pixel by pixel. */
import { InputError, messageOf } from '../../shared/errors.ts';
import { codingOf, type DecodedFrame } from './codecs.ts';
import { decodeInThread } from './decode-thread.ts';
import { type DicomFile, damagedDicom, transferSyntaxes } from './file.ts';
import { encodedFrame } from './fragments.ts';
import type { PixelModule } from './pixel-module.ts';

type Words = Uint8Array | Uint16Array;

/** The last one has its uncompressed frames in fragments (PS3.5, section A.4.11). */
const uncompressed: ReadonlySet<string> = new Set([
  ...Object.values(transferSyntaxes),
  '1.2.840.10008.1.2.1.98',
]);

export interface Frame {
  /** width * height * samples: bytes for up to 8 bits allocated (single bits as 0 or 1), else 16-bit words. */
  readonly words: Words;
  /** Whether colours are RGB already, whatever the attributes say. */
  readonly rgb: boolean;
}

/**
 * @param frame counted from 1
 * @throws InputError for a frame that is missing, damaged or cut off, or compressed in a way that is not known
 */
export async function frameOf(
  file: DicomFile,
  pixels: PixelModule,
  frame: number,
  name: string,
): Promise<Frame> {
  const { transferSyntax, dataSet } = file;
  const coding = codingOf(transferSyntax);
  if (!coding && !uncompressed.has(transferSyntax))
    throw new InputError(
      `${name}: expected a transfer syntax with still pictures, got ${transferSyntax}; ` +
        'convert the file to Explicit VR Little Endian first',
    );
  try {
    if (!dataSet.elements.x7fe00010!.fragments) return { words: plainWords(file, pixels, frame), rgb: false };
    const stream = encodedFrame(file, pixels.frames, frame);
    const decoded = coding ? await decodeInThread(stream, coding, pixels) : null;
    if (!decoded || decoded.width === 0)
      return { words: laidOut(decoded?.bytes ?? stream, pixels, 0), rgb: false };
    return { words: checkedWords(decoded, pixels), rgb: decoded.rgb };
  } catch (error) {
    throw error instanceof InputError ? error : damagedDicom(name, messageOf(error));
  }
}

/** Samples as allocated. @throws Error for other samples than the attributes say */
function checkedWords({ bytes, width, raised }: DecodedFrame, pixels: PixelModule): Words {
  const count = pixels.width * pixels.height * pixels.samples;
  if (bytes.length !== count * width)
    throw new Error(`${bytes.length} bytes of samples, where ${count * width} are expected`);
  const samples = width === 2 ? wordsIn(bytes) : bytes;
  const words = pixels.bitsAllocated === 16 ? Uint16Array.from(samples) : Uint8Array.from(samples);
  if (raised > 0) for (let i = 0; i < count; i++) words[i]! -= raised;
  const bits = pixels.highBit + 1;
  if (bits < words.BYTES_PER_ELEMENT * 8 && !words.every(fitting(bits, pixels.signed, words)))
    throw new Error(`its stream holds samples of more than ${bits} bits`);
  return words;
}

/** Whether a word has so many bits; a signed one may be extended by its sign. */
function fitting(bits: number, signed: boolean, { BYTES_PER_ELEMENT }: Words): (word: number) => boolean {
  const negative = (2 ** (8 * BYTES_PER_ELEMENT) - 1) >> (bits - 1);
  return (word) => word >> bits === 0 || (signed && word >> (bits - 1) === negative);
}

/** A slice of the element, in the byte order of the cells: of a big-endian file words are turned as a whole first. */
function plainWords(file: DicomFile, pixels: PixelModule, frame: number): Words {
  const { dataOffset, length } = file.dataSet.elements.x7fe00010!;
  const bits = bitsOf(pixels);
  const [start, end] = [(frame - 1) * bits, frame * bits].map((bit) => bit / 8) as [number, number];
  if (end > length)
    throw new Error(`${length} bytes of pixel data, where ${frame} frames take ${Math.ceil(end)}`);
  // From an even position to an even one, for words; an odd last byte has no partner.
  const from = Math.floor(start / 2) * 2;
  const to = Math.min(Math.ceil(end / 2) * 2, length);
  const bytes = Buffer.from(file.bytes.subarray(dataOffset + from, dataOffset + to));
  if (isSwapped(file, pixels.bitsAllocated) && bytes.length % 2 === 0) bytes.swap16();
  return laidOut(bytes.subarray(Math.floor(start) - from), pixels, (start % 1) * 8);
}

/** Bits of an uncompressed frame; frames of single bits follow each other without filling (PS3.5, section 8.1.1). */
const bitsOf = ({ width, height, samples, photometric, bitsAllocated }: PixelModule): number =>
  width * height * (photometric === 'YBR_FULL_422' ? 2 : samples) * bitsAllocated;

/** Big endian swaps 16-bit words, also where two 8-bit samples share one of value representation OW. */
export const isSwapped = ({ dataSet }: DicomFile, bits: number): boolean =>
  dataSet.bigEndian && (bits === 16 || dataSet.elements.x7fe00010!.vr === 'OW');

/**
 * Uncompressed samples, pixel by pixel.
 * @param first bit that the frame begins at
 * @throws Error for too few bytes
 */
function laidOut(bytes: Buffer, pixels: PixelModule, first: number): Words {
  const bits = bitsOf(pixels);
  if (bytes.length * 8 < bits + first)
    throw new Error(`${bytes.length} bytes of samples, where ${Math.ceil((bits + first) / 8)} are expected`);
  if (pixels.bitsAllocated === 1) return singleBits(bytes, bits, first);
  const whole = bytes.subarray(0, bits / 8);
  if (pixels.photometric === 'YBR_FULL_422') return upsampled(whole);
  const words = pixels.bitsAllocated === 16 ? wordsIn(whole) : Uint8Array.from(whole);
  return pixels.planar ? interleaved(words) : words;
}

/** Little-endian bytes as words. */
const wordsIn = (bytes: Buffer): Uint16Array => new Uint16Array(Uint8Array.from(bytes).buffer);

/** Lowest bit first. */
function singleBits(bytes: Buffer, count: number, first: number): Uint8Array {
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i++) out[i] = (bytes[(first + i) >> 3]! >> ((first + i) & 7)) & 1;
  return out;
}

/** Y Y Cb Cr of two pixels to Y Cb Cr, Y Cb Cr. */
function upsampled(from: Buffer): Uint8Array {
  const out = new Uint8Array((from.length / 2) * 3);
  for (let at = 0, to = 0; at < from.length; at += 4, to += 6) {
    const [first, second, blue, red] = [from[at]!, from[at + 1]!, from[at + 2]!, from[at + 3]!];
    out.set([first, blue, red, second, blue, red], to);
  }
  return out;
}

function interleaved<Samples extends Words>(planes: Samples): Samples {
  const size = planes.length / 3;
  const out = planes.slice() as Samples;
  for (let i = 0; i < size; i++) for (let c = 0; c < 3; c++) out[3 * i + c] = planes[c * size + i]!;
  return out;
}
