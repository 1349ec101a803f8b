/** The attributes of a DICOM picture that say how its samples are stored (PS3.3, section C.7.6.3), checked. */
import { InputError } from '../../shared/errors.ts';
import { checkDecoded } from '../../shared/size-limit.ts';
import type { DicomFile } from './file.ts';

export interface PixelModule {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Samples a pixel: 1, or 3 for colour. */
  readonly samples: 1 | 3;
  readonly photometric: Photometric;
  readonly bitsAllocated: 1 | 8 | 16;
  readonly bitsStored: number;
  readonly highBit: number;
  /** Two's complement of `bitsStored` bits. */
  readonly signed: boolean;
  /** Uncompressed colours come as three planes, not pixel by pixel. */
  readonly planar: boolean;
}

const grey = ['MONOCHROME1', 'MONOCHROME2', 'PALETTE COLOR'] as const;
const colour = ['RGB', 'YBR_FULL', 'YBR_FULL_422', 'YBR_RCT', 'YBR_ICT'] as const;
type Photometric = (typeof grey)[number] | (typeof colour)[number];

/**
 * Reads and checks the attributes.
 * @throws InputError for a file without pixel data, or pictures of another kind than 1 to 16 bits, grey or colour
 */
export function pixelModule(file: DicomFile, name: string): PixelModule {
  const { dataSet } = file;
  const refuse = (expected: string, got: string, remedy: string): never => {
    throw new InputError(`${name}: expected ${expected}, got ${got}; ${remedy}`);
  };
  if (!dataSet.elements.x7fe00010) refuseWithoutPixels(file, name);
  const number = (tag: string, what: string): number =>
    dataSet.uint16(tag) ?? refuse(`${what} of a DICOM image`, 'none', 'get the file again');
  const [height, width] = [number('x00280010', 'rows'), number('x00280011', 'columns')];
  if (width === 0 || height === 0)
    refuse('a picture of at least 1x1', `${width}x${height}`, 'get the file again');
  const samples = number('x00280002', 'samples per pixel');
  const photometric = photometricOf(file) as Photometric;
  const kinds: readonly string[] = samples === 1 ? grey : samples === 3 ? colour : [];
  if (!kinds.includes(photometric))
    refuse('a grey or RGB DICOM image', `${photometric} of ${samples} samples`, 'convert it to RGB first');
  const transformed = photometric === 'YBR_RCT' || photometric === 'YBR_ICT';
  if (transformed && !/^1\.2\.840\.10008\.1\.2\.4\.(9|11|20)/.test(file.transferSyntax))
    refuse('RGB or YBR_FULL outside JPEG 2000', photometric, 'get the file again');
  const signed = dataSet.uint16('x00280103') === 1;
  if (signed && photometric.startsWith('YBR_FULL'))
    refuse('colours without a sign', `signed ${photometric}`, 'get the file again');
  if (photometric === 'YBR_FULL_422' && width % 2 === 1)
    refuse('an even number of columns in YBR_FULL_422', `${width}`, 'convert it to RGB first');
  const bitsAllocated = number('x00280100', 'bits allocated');
  const bitsStored = number('x00280101', 'bits stored');
  const highBit = dataSet.uint16('x00280102') ?? bitsStored - 1;
  if (![1, 8, 16].includes(bitsAllocated))
    refuse('1, 8 or 16 bits allocated', `${bitsAllocated}`, 'convert it to 16 bits first');
  if (bitsStored < 1 || bitsStored > highBit + 1 || highBit >= bitsAllocated)
    refuse(`stored bits within ${bitsAllocated}`, `${bitsStored} up to bit ${highBit}`, 'get the file again');
  const colours = photometric === 'PALETTE COLOR' ? 3 : samples;
  checkDecoded(width * height * colours * (bitsAllocated > 8 ? 2 : 1), file.bytes.length, name);
  return {
    width,
    height,
    frames: framesOf(file, name),
    samples: samples as 1 | 3,
    photometric,
    bitsAllocated: bitsAllocated as 1 | 8 | 16,
    bitsStored,
    highBit,
    signed,
    planar: samples === 3 && dataSet.uint16('x00280006') === 1,
  };
}

/** As written by programs that care less for case. */
export const photometricOf = ({ dataSet }: DicomFile): string =>
  dataSet.string('x00280004')?.toUpperCase() ?? 'none';

/** Values as floating-point numbers, a report, a folder file, a plan: valid DICOM, but no picture of samples. */
export function refuseWithoutPixels({ dataSet }: DicomFile, name: string): never {
  const floats = dataSet.elements.x7fe00008 ?? dataSet.elements.x7fe00009;
  const got = floats ? 'floating-point pixel data' : 'no pixel data';
  const modality = dataSet.string('x00080060');
  throw new InputError(
    `${name}: expected a DICOM image of whole numbers, got a file with ${got}` +
      `${modality ? ` (modality ${modality})` : ''}; choose another`,
  );
}

/** NumberOfFrames, 1 if left out. */
export function framesOf({ dataSet }: DicomFile, name: string): number {
  const text = dataSet.string('x00280008');
  const frames = text === undefined || text === '' ? 1 : Number(text);
  if (Number.isSafeInteger(frames) && frames >= 1) return frames;
  throw new InputError(`${name}: expected a number of frames, got "${text}"; get the file again`);
}

/** Rescale slope and intercept (PS3.3, section C.11.1), in which a stored value is turned to, say, Hounsfield units. */
export function rescaleOf({ dataSet }: DicomFile): { readonly slope: number; readonly intercept: number } {
  const [slope, intercept] = [dataSet.floatString('x00281053'), dataSet.floatString('x00281052')];
  return { slope: finite(slope, 1), intercept: finite(intercept, 0) };
}

const finite = (value: number | undefined, preset: number): number =>
  value !== undefined && Number.isFinite(value) ? value : preset;
