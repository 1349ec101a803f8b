/** One frame of a DICOM file's pixel data: its words as allocated, pixel by pixel. */
import dicomParser from 'dicom-parser';
import { InputError, messageOf } from '../../shared/errors.ts';
import { decoderOf } from './codecs.ts';
import { decodeInThread } from './decode-thread.ts';
import { type DicomFile, damagedDicom, transferSyntaxes } from './file.ts';
import type { PixelModule } from './pixel-module.ts';

const uncompressed: ReadonlySet<string> = new Set(Object.values(transferSyntaxes));

/**
 * The words of a frame, width * height * samples of them: bytes for up to 8 bits allocated (single bits as 0 or
 * 1), else 16-bit words, unused high bits included.
 * @param frame counted from 1
 * @throws InputError for a frame that is missing, damaged or cut off, or compressed in a way that is not known
 */
export async function frameWords(
  file: DicomFile,
  pixels: PixelModule,
  frame: number,
  name: string,
): Promise<Uint8Array | Uint16Array> {
  if (uncompressed.has(file.transferSyntax)) return plainWords(file, pixels, frame, name);
  const decoder = decoderOf(file.transferSyntax);
  if (!decoder)
    throw new InputError(
      `${name}: expected a transfer syntax with still pictures, got ${file.transferSyntax}; ` +
        'convert the file to Explicit VR Little Endian first',
    );
  try {
    const decoded = await decodeInThread(encodedFrame(file, pixels, frame), decoder, pixels);
    return words(decoded, pixels, name);
  } catch (error) {
    throw error instanceof InputError ? error : damagedDicom(name, messageOf(error));
  }
}

/** The compressed stream: one fragment a frame, else as the basic offset table says (PS3.5, section A.4). */
function encodedFrame({ dataSet }: DicomFile, { frames }: PixelModule, frame: number): Uint8Array {
  const element = dataSet.elements.x7fe00010!;
  const { fragments = [], basicOffsetTable: table = [] } = element;
  const joined = (start: number, count: number): Uint8Array =>
    dicomParser.readEncapsulatedPixelDataFromFragments(dataSet, element, start, count);
  if (fragments.length === 0) throw new Error('pixel data without fragments');
  if (frames === 1) return joined(0, fragments.length);
  if (fragments.length === frames) return joined(frame - 1, 1);
  if (table.length === frames) return dicomParser.readEncapsulatedImageFrame(dataSet, element, frame - 1);
  const rebuilt = dicomParser.createJPEGBasicOffsetTable(dataSet, element);
  if (rebuilt.length !== frames)
    throw new Error(`${fragments.length} fragments without an offset table hold ${frames} frames`);
  return dicomParser.readEncapsulatedImageFrame(dataSet, element, frame - 1, rebuilt);
}

/** A slice of the element; subsampled and planar colours are brought to one pixel after the other. */
function plainWords(
  file: DicomFile,
  pixels: PixelModule,
  frame: number,
  name: string,
): Uint8Array | Uint16Array {
  const { dataOffset, length } = file.dataSet.elements.x7fe00010!;
  const { bitsAllocated } = pixels;
  const subsampled = pixels.photometric === 'YBR_FULL_422';
  const stored = pixels.width * pixels.height * (subsampled ? 2 : pixels.samples);
  const end = Math.ceil((stored * frame * bitsAllocated) / 8);
  if (end > length || dataOffset + end > file.bytes.length)
    throw damagedDicom(name, `${length} bytes of pixel data, where ${frame} frames take ${end}`);
  if (bitsAllocated === 1) return singleBits(file.bytes, dataOffset, stored, (frame - 1) * stored);
  const each = (stored * bitsAllocated) / 8;
  const start = dataOffset + (frame - 1) * each;
  const slice = Buffer.from(file.bytes.subarray(start, start + each));
  const swapped = isSwapped(file, bitsAllocated) && each % 2 === 0 ? slice.swap16() : slice;
  const values = subsampled ? upsampled(swapped) : words(swapped, pixels, name);
  return pixels.planar && !subsampled ? interleaved(values) : values;
}

/** Big endian swaps 16-bit words, also where two 8-bit samples share one of value representation OW. */
export const isSwapped = ({ dataSet, transferSyntax }: DicomFile, bits: number): boolean =>
  transferSyntax === transferSyntaxes.bigEndian && (bits === 16 || dataSet.elements.x7fe00010!.vr === 'OW');

/** Little-endian bytes as words; `bytes` is a buffer of its own. @throws InputError for another length */
function words(bytes: Buffer, { width, height, samples, bitsAllocated }: PixelModule, name: string) {
  const expected = width * height * samples * (bitsAllocated === 16 ? 2 : 1);
  if (bytes.length < expected)
    throw damagedDicom(name, `${bytes.length} bytes of samples, where ${expected} are expected`);
  const whole = Uint8Array.from(bytes.subarray(0, expected));
  return bitsAllocated === 16 ? new Uint16Array(whole.buffer) : whole;
}

/** Lowest bit first; frames follow each other without padding (PS3.5, section 8.1.1). */
function singleBits(bytes: Buffer, offset: number, count: number, first: number): Uint8Array {
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i++) out[i] = (bytes[offset + ((first + i) >> 3)]! >> ((first + i) & 7)) & 1;
  return out;
}

/** Y Y Cb Cr of two pixels to Y Cb Cr, Y Cb Cr. */
function upsampled(from: Buffer): Uint8Array {
  const out = new Uint8Array((from.length / 2) * 3);
  for (let at = 0, to = 0; at < from.length; at += 4, to += 6) {
    const [first, second, blue, red] = [from[at]!, from[at + 1]!, from[at + 2]!, from[at + 3]!];
    out.set([first, blue, red, second, blue, red].slice(0, out.length - to), to);
  }
  return out;
}

function interleaved<Words extends Uint8Array | Uint16Array>(planes: Words): Words {
  const size = planes.length / 3;
  const out = planes.slice() as Words;
  for (let i = 0; i < size; i++) for (let c = 0; c < 3; c++) out[3 * i + c] = planes[c * size + i]!;
  return out;
}
