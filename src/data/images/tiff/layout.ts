/**
 * The picture in the first directory of a TIFF file: sizes, kinds of samples, and where its strips or tiles
 * lie. Every kind that is not read is refused by its name, and every offset is checked, before a sample is decoded.
 */
import { damaged, severalPictures, unread } from '../unread.ts';
import {
  type Directory,
  nextDirectory,
  numbersOf,
  openTiff,
  readDirectory,
  type TiffBlock,
} from './directory.ts';

export interface TiffLayout {
  readonly width: number;
  readonly height: number;
  /** Bits a sample: 1, 2, 4, 8, 10, 12, 14 or 16. */
  readonly bits: number;
  /** Samples a pixel, as stored. */
  readonly samples: number;
  readonly photometric: Photometric;
  /** Each sample in segments of its own. */
  readonly planar: boolean;
  readonly compression: number;
  /** Samples are stored as differences to their left neighbours. */
  readonly differences: boolean;
  /** The first bit of a byte is its lowest. */
  readonly lowBitsFirst: boolean;
  readonly littleEndian: boolean;
  readonly segment: { readonly width: number; readonly height: number; readonly tiled: boolean };
  /** The stored bytes of each strip or tile, row by row, plane after plane. */
  readonly segments: readonly Buffer[];
  /** Of a palette: all reds, greens, blues, 16 bits each. */
  readonly colorMap: readonly number[] | null;
  /** JPEG quantisation and Huffman tables for all segments. */
  readonly jpegTables: Buffer | null;
  /** Options of CCITT T.4 compression. */
  readonly t4Options: number;
}

export type Photometric = 'grey' | 'rgb' | 'palette' | 'ycbcr';

const tagOf = {
  subfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  t4Options: 292,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  subDirectories: 330,
  sampleFormat: 339,
  jpegTables: 347,
  imageDepth: 32997,
} as const;
type TagName = keyof typeof tagOf;

const read = new Set([1, 2, 3, 4, 5, 7, 8, 32771, 32773, 32946]);
const compressions: Readonly<Record<number, string>> = {
  6: 'old JPEG',
  9: 'JBIG',
  10: 'JBIG',
  32766: 'NeXT',
  32809: 'ThunderScan',
  34661: 'JBIG',
  34676: 'SGILog',
  34677: 'SGILog24',
  34712: 'JPEG 2000',
  33003: 'JPEG 2000',
  33004: 'JPEG 2000',
  33005: 'JPEG 2000',
  34887: 'LERC',
  34892: 'lossy JPEG',
  34925: 'LZMA',
  34926: 'Zstandard',
  34927: 'WebP',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};

const photometrics: Readonly<Record<number, Photometric>> = {
  0: 'grey',
  1: 'grey',
  2: 'rgb',
  3: 'palette',
  6: 'ycbcr',
};
const otherPhotometrics: Readonly<Record<number, string>> = {
  4: 'a transparency mask',
  5: 'CMYK',
  8: 'CIE L*a*b*',
  9: 'ICC L*a*b*',
  10: 'ITU L*a*b*',
  32803: 'a colour filter array',
  32844: 'LogL',
  32845: 'LogLuv',
  34892: 'linear raw',
};
const ccitt = new Set([2, 3, 4, 32771]);
const withDifferences = new Set([5, 8, 32946]);

/** Reads single tags of a picture's directory. @throws InputError for a damaged tag */
class Tags {
  readonly tiff: TiffBlock;
  readonly directory: Directory;
  readonly name: string;

  constructor(tiff: TiffBlock, directory: Directory, name: string) {
    this.tiff = tiff;
    this.directory = directory;
    this.name = name;
  }

  has(tag: TagName): boolean {
    return this.directory.tags.has(tagOf[tag]);
  }

  numbers(tag: TagName): number[] | null {
    if (!this.has(tag)) return null;
    const values = numbersOf(this.tiff, this.directory.tags.get(tagOf[tag]));
    if (!values?.length) throw this.damaged(`tag ${tagOf[tag]} has no readable value`);
    return values;
  }

  number(tag: TagName, otherwise: number): number {
    return this.numbers(tag)?.[0] ?? otherwise;
  }

  bytes(tag: TagName): Buffer | null {
    return this.directory.tags.get(tagOf[tag])?.data ?? null;
  }

  damaged(reason: string) {
    return damaged(this.name, 'TIFF', reason);
  }

  refused(what: string, target: string) {
    return unread(this.name, `TIFF with ${what}`, target);
  }
}

/** @throws InputError for a damaged file, several pictures, or a kind that is not read */
export function readLayout(bytes: Buffer, name: string): TiffLayout {
  const tags = openTags(bytes, name);
  refuseFurtherPictures(tags);
  const [width, height] = [tags.number('width', 0), tags.number('height', 0)];
  if (width === 0 || height === 0) throw tags.damaged('it has no width or height');
  const compression = compressionOf(tags);
  const samples = tags.number('samples', 1);
  const bits = bitsOf(tags, samples, compression);
  const photometric = photometricOf(tags, samples, compression);
  const planar = samples > 1 && tags.number('planar', 1) === 2;
  const segment = segmentOf(tags, width, height);
  return {
    ...{ width, height, bits, samples, photometric, planar, compression, segment },
    differences: differencesOf(tags, bits, compression),
    lowBitsFirst: tags.number('fillOrder', 1) === 2,
    littleEndian: tags.tiff.littleEndian,
    segments: segmentsOf(tags, {
      width,
      height,
      segment,
      planes: planar ? samples : 1,
      compression,
      rowBits: bits * (planar ? 1 : samples),
    }),
    colorMap: photometric === 'palette' ? colorMapOf(tags, bits) : null,
    jpegTables: tags.bytes('jpegTables'),
    t4Options: tags.number('t4Options', 0),
  };
}

function openTags(bytes: Buffer, name: string): Tags {
  const tiff = openTiff(bytes);
  const directory = tiff && readDirectory(tiff, tiff.first);
  if (!directory?.whole) throw damaged(name, 'TIFF', 'its directory lies outside the file');
  return new Tags(tiff!, directory, name);
}

/** More sub-directories than this are not looked into: no picture has so many smaller copies. */
const mostCopies = 100;

/** Pages, pictures in sub-directories that are no smaller copies of this one, and the slices of a volume. */
function refuseFurtherPictures(tags: Tags): void {
  const directories = tags.numbers('subDirectories') ?? [];
  const below = directories.filter((at, i) => i >= mostCopies || !isSmallerCopy(tags.tiff, at));
  const pictures = pagesOf(tags) + below.length + tags.number('imageDepth', 1) - 1;
  if (pictures > 1) throw severalPictures(tags.name, pictures);
}

function pagesOf({ tiff }: Tags): number {
  const seen = new Set<number>();
  for (let at = tiff.first; at !== 0 && !seen.has(at); at = nextDirectory(tiff, at)) seen.add(at);
  return seen.size;
}

function isSmallerCopy(tiff: TiffBlock, at: number): boolean {
  const kind = numbersOf(tiff, readDirectory(tiff, at)?.tags.get(tagOf.subfileType))?.[0] ?? 0;
  return kind % 2 === 1;
}

function compressionOf(tags: Tags): number {
  const compression = tags.number('compression', 1);
  if (read.has(compression)) return compression;
  throw tags.refused(`compression ${compressions[compression] ?? compression}`, 'LZW or Deflate');
}

function bitsOf(tags: Tags, samples: number, compression: number): number {
  const all = tags.numbers('bits') ?? [1];
  const bits = all[0]!;
  if (all.slice(0, samples).some((other) => other !== bits))
    throw tags.refused(`${all.slice(0, 4).join(', ')} bits a sample`, '8 or 16 bits');
  const format = (tags.numbers('sampleFormat') ?? [1]).find((each) => each !== 1 && each !== 4);
  if (format === 2) throw tags.refused(`signed ${bits}-bit samples`, 'unsigned 16-bit ones');
  if (format === 3) throw tags.refused(`${bits}-bit floating-point samples`, 'unsigned 16-bit ones');
  if (format !== undefined) throw tags.refused('complex samples', 'unsigned 16-bit ones');
  if (![1, 2, 4, 8, 10, 12, 14, 16].includes(bits))
    throw tags.refused(`${bits} bits a sample`, '8 or 16 bits');
  if (compression === 7 && bits !== 8) throw tags.refused(`${bits}-bit JPEG`, '16 bits with LZW or Deflate');
  if (ccitt.has(compression) && (bits !== 1 || samples !== 1))
    throw tags.damaged(`CCITT compression of ${samples} samples of ${bits} bits`);
  return bits;
}

/** How many samples a pixel has without an extra one. */
const colours: Readonly<Record<Photometric, number>> = { grey: 1, rgb: 3, palette: 1, ycbcr: 3 };

function photometricOf(tags: Tags, samples: number, compression: number): Photometric {
  const stored = tags.numbers('photometric')?.[0];
  if (stored === undefined) throw tags.damaged('it does not say how samples are to be seen');
  const photometric = photometrics[stored];
  if (!photometric) throw tags.refused(otherPhotometrics[stored] ?? `photometric ${stored}`, 'RGB');
  if (photometric === 'ycbcr' && compression !== 7) throw tags.refused('YCbCr samples without JPEG', 'RGB');
  const extra = samples - colours[photometric];
  if (extra < 0) throw tags.damaged(`${samples} samples a pixel are too few for its colours`);
  const extraAllowed = photometric === 'ycbcr' ? 0 : 1;
  if (photometric === 'palette' && extra > 0) throw tags.refused('a palette beside other samples', 'RGB');
  if (extra > 0 && compression === 7) throw tags.refused(`JPEG of ${samples} samples`, 'LZW or Deflate');
  if (extra > extraAllowed)
    throw tags.refused(`${samples} samples a pixel`, 'grey or RGB, with at most one alpha');
  return photometric;
}

function differencesOf(tags: Tags, bits: number, compression: number): boolean {
  const predictor = tags.number('predictor', 1);
  if (predictor === 1) return false;
  if (predictor === 2 && withDifferences.has(compression) && bits % 8 === 0) return true;
  throw tags.refused(`predictor ${predictor} of ${bits}-bit samples`, 'LZW or Deflate');
}

function segmentOf(tags: Tags, width: number, height: number): TiffLayout['segment'] {
  const tiled = tags.has('tileOffsets') || tags.has('tileWidth');
  const [across, down] = tiled
    ? [tags.number('tileWidth', 0), tags.number('tileHeight', 0)]
    : [width, Math.min(height, tags.number('rowsPerStrip', height))];
  if (across === 0 || down === 0) throw tags.damaged('its tiles or strips have no size');
  return { width: across, height: down, tiled };
}

interface Needed {
  readonly width: number;
  readonly height: number;
  readonly segment: TiffLayout['segment'];
  readonly planes: number;
  readonly compression: number;
  /** Bits of a pixel in a segment. */
  readonly rowBits: number;
}

/** The bytes of all segments, each of which must lie in the file. */
function segmentsOf(tags: Tags, needed: Needed): Buffer[] {
  const { segment, planes } = needed;
  const count = Math.ceil(needed.width / segment.width) * Math.ceil(needed.height / segment.height) * planes;
  const what = segment.tiled ? 'tile' : 'strip';
  const offsets = tags.numbers(segment.tiled ? 'tileOffsets' : 'stripOffsets') ?? [];
  const lengths = lengthsOf(tags, needed, count);
  if (offsets.length < count || lengths.length < count)
    throw tags.damaged(`${Math.min(offsets.length, lengths.length)} of ${count} ${what}s are there`);
  return offsets.slice(0, count).map((at, i) => {
    const length = lengths[i]!;
    if (length === 0) throw tags.damaged(`${what} ${i + 1} of ${count} has no data`);
    if (at + length > tags.tiff.bytes.length)
      throw tags.damaged(`${what} ${i + 1} of ${count} lies outside the file`);
    return tags.tiff.bytes.subarray(at, at + length);
  });
}

/** Of uncompressed segments as much as the picture takes: some writers say more, old ones nothing. */
function lengthsOf(
  tags: Tags,
  { width, height, segment, compression, rowBits }: Needed,
  count: number,
): number[] {
  const stored = tags.numbers(segment.tiled ? 'tileBytes' : 'stripBytes');
  if (compression !== 1) return stored ?? [];
  const inPlane = Math.ceil(height / segment.height);
  return Array.from({ length: Math.min(count, stored?.length ?? count) }, (_, i) => {
    const left = segment.tiled ? segment.height : height - (i % inPlane) * segment.height;
    const needed =
      Math.min(segment.height, left) * Math.ceil(((segment.tiled ? segment.width : width) * rowBits) / 8);
    return Math.min(needed, stored?.[i] ?? needed);
  });
}

function colorMapOf(tags: Tags, bits: number): number[] {
  if (bits > 8) throw tags.refused(`a palette of ${bits} bits`, 'RGB');
  const map = tags.numbers('colorMap') ?? [];
  if (map.length < 3 * 2 ** bits) throw tags.damaged('its palette is too short');
  return map;
}
