/**
 * DICOM pictures as rasters: stored values to the bit, one frame at a time.
 *
 * A sample is the stored value (bits outside the stored ones, such as old overlays, cleared), for signed values
 * plus 2^(bits stored - 1), so that order and neighbourhood stay; 8 bits deep for up to 8 stored bits, else 16.
 * Palettes are expanded to RGB and single bits to 0 and 255, as with other formats; YBR is turned into RGB. What
 * only changes the view is not applied: MONOCHROME1 is not inverted, slope and intercept are not multiplied in;
 * `modalityValues` does that, and view.ts.
 */
import { InputError } from '../../shared/errors.ts';
import type { Depth, Raster } from '../../shared/types.ts';
import { type DicomFile, openDicom } from './file.ts';
import { frameOf } from './frames.ts';
import { expandPalette } from './palette.ts';
import { type PixelModule, pixelModule, rescaleOf } from './pixel-module.ts';

export interface DicomImage {
  readonly file: DicomFile;
  readonly pixels: PixelModule;
  /** Counted from 1. */
  readonly frame: number;
  readonly raster: Raster;
  /** Stored value = sample - offset. */
  readonly offset: number;
}

/**
 * Decodes one frame of a DICOM file.
 * @param bytes the whole file
 * @param frame counted from 1; it must be named for a file of several
 * @throws InputError for a file that is no DICOM image, is damaged or cut off, or is of a kind that is not read
 */
export async function decodeDicom(bytes: Buffer, name: string, frame?: number): Promise<DicomImage> {
  const file = openDicom(bytes, name);
  const pixels = pixelModule(file, name);
  const chosen = checkFrame(frame, pixels.frames, name);
  const { width, height, photometric } = pixels;
  const { words, rgb } = await frameOf(file, pixels, chosen, name);
  const offset = pixels.signed ? 2 ** (pixels.bitsStored - 1) : 0;
  const values = samplesOf(words, pixels, offset);
  const indexed = { width, height, channels: pixels.samples, ...values };
  const decoded = { file, pixels, frame: chosen, offset };
  if (photometric === 'PALETTE COLOR')
    return { ...decoded, raster: expandPalette(indexed, file.dataSet, offset, name) };
  const toRgb = photometric.startsWith('YBR') && !rgb;
  return { ...decoded, raster: toRgb ? fromYbr(indexed, pixels.bitsStored) : indexed };
}

/** @throws InputError for a file that is no DICOM image */
export const frameCount = (bytes: Buffer, name: string): number =>
  pixelModule(openDicom(bytes, name), name).frames;

function checkFrame(frame: number | undefined, frames: number, name: string): number {
  if (frame === undefined && frames > 1)
    throw new InputError(
      `${name}: expected one picture in a file, got ${frames} frames; choose one with --frame`,
    );
  const chosen = frame ?? 1;
  if (Number.isSafeInteger(chosen) && chosen >= 1 && chosen <= frames) return chosen;
  throw new InputError(`"frame" expected an integer from 1 to ${frames} for ${name}, got ${chosen}`);
}

/** The stored bits of each word, moved down and, if signed, up by the offset. */
function samplesOf(
  words: Uint8Array | Uint16Array,
  { bitsAllocated, bitsStored, highBit }: PixelModule,
  offset: number,
): { depth: Depth; data: Uint8Array | Uint16Array } {
  const depth = bitsStored > 8 ? 16 : 8;
  const data = depth === 16 ? new Uint16Array(words.length) : new Uint8Array(words.length);
  const shift = highBit + 1 - bitsStored;
  const mask = 2 ** bitsStored - 1;
  const unit = bitsAllocated === 1 ? 255 : 1;
  // Two's complement plus half its range is the same bits with the highest one flipped.
  for (let i = 0; i < data.length; i++) data[i] = (((words[i]! >> shift) & mask) ^ offset) * unit;
  return { depth, data };
}

/** YBR_FULL to RGB (PS3.3, section C.7.6.3.1.2), rounded and clamped. */
function fromYbr(raster: Raster, bits: number): Raster {
  const half = 2 ** (bits - 1);
  const data = raster.data.slice();
  const clamped = (value: number): number => Math.min(2 * half - 1, Math.max(0, Math.round(value)));
  for (let i = 0; i < data.length; i += 3) {
    const [y, blue, red] = [data[i]!, data[i + 1]! - half, data[i + 2]! - half];
    data[i] = clamped(y + 1.402 * red);
    data[i + 1] = clamped(y - 0.344136 * blue - 0.714136 * red);
    data[i + 2] = clamped(y + 1.772 * blue);
  }
  return { ...raster, data };
}

/** The values that the device means, e.g. Hounsfield units: slope * stored value + intercept. */
export function modalityValues({ file, raster, offset }: DicomImage): Float64Array {
  const { slope, intercept } = rescaleOf(file);
  return Float64Array.from(raster.data, (sample) => slope * (sample - offset) + intercept);
}
