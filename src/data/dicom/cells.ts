/**
 * Where the pixel data stand in a DICOM file, and the cells that they are encrypted in: as many samples, as wide, as the
 * rows, columns and frames have when uncompressed.
 *
 * The cells take the bytes of the file's pixel data as they are, all bits allocated: of an uncompressed file its
 * samples; of a compressed one the compressed stream (of a deflated one the whole deflated data set), filled up with
 * zeros, and what does not fit is left over. Nothing is decoded, so the file comes back to the bit, whatever its codec.
 */
import { InputError } from '../../shared/errors.ts';
import { checkDecoded } from '../../shared/size-limit.ts';
import type { Raster } from '../../shared/types.ts';
import { type DicomElement, type DicomElements, shortElement, textElement } from './elements.ts';
import { type DicomFile, damagedDicom, transferSyntaxes } from './file.ts';
import { isSwapped } from './frames.ts';
import { framesOf, photometricOf, refuseWithoutPixels } from './pixel-module.ts';

/** A file as three pieces, of which the middle one fills the cells. */
export interface DicomPieces {
  readonly head: Buffer;
  readonly cells: Raster;
  /** Bytes of the file in the cells; further ones are zero. */
  readonly filled: number;
  readonly tail: Buffer;
  /** Whether 16-bit words are swapped in the cells: those of a big-endian file. */
  readonly swapped: boolean;
  /** Whether the cells hold samples, not a compressed stream. */
  readonly samples: boolean;
  /** Attributes that describe cells of this shape with random bits. */
  readonly description: DicomElements;
}

/** The attributes that say how many samples there are. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly samples: number;
  readonly bits: 1 | 8 | 16 | 32;
  readonly photometric: string;
  readonly planar: boolean;
}

/**
 * @param original the bytes of the file, of which `file` was made
 * @throws InputError for a file without pixel data, or with fewer than it says, or of another kind than 1 to 32 bits
 */
export function piecesOf(original: Buffer, file: DicomFile, name: string): DicomPieces {
  const stream = streamStart(file);
  const layout = layoutOf(file, name, stream !== null, original.length);
  const cells = emptyCells(layout);
  const room = bytesOf(cells);
  const start = stream ?? file.dataSet.elements.x7fe00010!.dataOffset;
  const end = stream === null ? start + room.length : original.length;
  if (stream === null) checkLength(file, layout, room.length, name);
  const filled = Math.min(end - start, room.length);
  original.copy(room, 0, start, start + filled);
  const swapped = stream === null && isSwapped(file, layout.bits) && filled % 2 === 0;
  if (swapped) room.swap16();
  return {
    head: original.subarray(0, start),
    cells,
    filled,
    tail: original.subarray(start + filled),
    swapped,
    samples: stream === null,
    description: descriptionOf(layout),
  };
}

/** The bytes of a file again. */
export function joinPieces({
  head,
  cells,
  filled,
  tail,
  swapped,
}: Pick<DicomPieces, 'head' | 'cells' | 'filled' | 'tail' | 'swapped'>): Buffer {
  const bytes = Buffer.from(bytesOf(cells).subarray(0, filled));
  return Buffer.concat([head, swapped ? bytes.swap16() : bytes, tail]);
}

/** The cells as the value of uncompressed little-endian pixel data. */
export function pixelElement(cells: Raster): DicomElement {
  return { tag: '7fe00010', vr: cells.depth === 16 ? 'OW' : 'OB', value: bytesOf(cells) };
}

const bytesOf = ({ data }: Raster): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** Where compressed bytes begin, which end with the file; null in an uncompressed one. */
function streamStart({ dataSet, transferSyntax, start }: DicomFile): number | null {
  if (transferSyntax === transferSyntaxes.deflated) return start;
  const pixels = dataSet.elements.x7fe00010;
  return pixels?.hadUndefinedLength ? pixels.dataOffset : null;
}

/** @param packed bytes of the file */
function layoutOf(file: DicomFile, name: string, compressed: boolean, packed: number): Layout {
  const { dataSet } = file;
  if (!dataSet.elements.x7fe00010) refuseWithoutPixels(file, name);
  const number = (tag: string): number => dataSet.uint16(tag) ?? 0;
  const [height, width, bits] = [number('x00280010'), number('x00280011'), number('x00280100')];
  const [samples, frames] = [number('x00280002'), framesOf(file, name)];
  if (width === 0 || height === 0 || samples < 1 || samples > 4 || ![1, 8, 16, 32].includes(bits))
    throw new InputError(
      `${name}: expected a DICOM image of 1 to 4 samples a pixel and 1, 8, 16 or 32 bits allocated, got ${width}x${height} ` +
        `with ${samples} samples of ${bits} bits; get the file again`,
    );
  checkDecoded((width * height * frames * samples * bits) / 8, packed, name);
  const photometric = photometricOf(file);
  return {
    ...{ width, height, frames, samples, bits: bits as Layout['bits'] },
    // Uncompressed, the cells of a subsampled or transformed picture are those of RGB.
    photometric: compressed && photometric.startsWith('YBR') ? 'RGB' : photometric,
    planar: !compressed && samples > 1 && number('x00280006') === 1,
  };
}

/** Frames below each other; each plane of a picture with colours by plane is one of its own. */
function emptyCells({ width, height, frames, samples, bits, photometric, planar }: Layout): Raster {
  const rows = height * frames;
  const depth = bits > 8 ? 16 : 8;
  const raster = (columns: number, lines: number, channels: number): Raster => {
    const length = columns * lines * channels;
    const data = depth === 16 ? new Uint16Array(length) : new Uint8Array(length);
    return { width: columns, height: lines, channels, depth, data };
  };
  if (bits === 1)
    return width % 8 === 0
      ? raster((width * samples) / 8, rows, 1)
      : raster(Math.ceil((width * rows * samples) / 8), 1, 1);
  if (bits === 32) return raster(2 * width * samples, rows, 1);
  if (photometric === 'YBR_FULL_422') return raster(2 * width, rows, 1);
  return planar ? raster(width, rows * samples, 1) : raster(width, rows, samples);
}

function checkLength(file: DicomFile, { frames }: Layout, room: number, name: string): void {
  const { dataOffset, length } = file.dataSet.elements.x7fe00010!;
  if (length < room || dataOffset + room > file.bytes.length)
    throw damagedDicom(name, `${length} bytes of pixel data, where ${frames} frames take ${room}`);
}

/** Attributes of the cells' storage: every allocated bit is stored, since all are random. */
function descriptionOf({ width, height, frames, samples, bits, photometric, planar }: Layout): DicomElements {
  return [
    shortElement('00280002', samples),
    textElement('00280004', 'CS', photometric),
    ...(samples > 1 ? [shortElement('00280006', planar ? 1 : 0)] : []),
    ...(frames > 1 ? [textElement('00280008', 'IS', String(frames))] : []),
    shortElement('00280010', height),
    shortElement('00280011', width),
    shortElement('00280100', bits),
    shortElement('00280101', bits),
    shortElement('00280102', bits - 1),
  ];
}
