/**
 * Directories of tags (TIFF 6.0, section 2; BigTIFF), of TIFF files and of EXIF blocks, both byte orders.
 * A tag of unknown type, or whose values lie outside the block, is damaged by itself: the others stay readable.
 */

export interface TiffBlock {
  readonly bytes: Buffer;
  readonly littleEndian: boolean;
  readonly big: boolean;
  /** Offset of the first directory. */
  readonly first: number;
}

export interface Tag {
  readonly type: number;
  readonly count: number;
  /** The value bytes; null: they lie outside the block, or the type is unknown. */
  readonly data: Buffer | null;
}

export interface Directory {
  readonly tags: ReadonlyMap<number, Tag>;
  /** Whether it holds as many tags as it says. */
  readonly whole: boolean;
}

/** Bytes of a value by type: BYTE, ASCII, SHORT, LONG, RATIONAL, their signed twins, FLOAT, DOUBLE, IFD, BigTIFF's. */
const sizes: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/** The header; null if the block does not begin with one. */
export function openTiff(bytes: Buffer): TiffBlock | null {
  const order = bytes.toString('latin1', 0, 2);
  if (bytes.length < 8 || (order !== 'II' && order !== 'MM')) return null;
  const littleEndian = order === 'II';
  const version = unsigned(bytes, 2, 2, littleEndian);
  if (version === 42) return { bytes, littleEndian, big: false, first: unsigned(bytes, 4, 4, littleEndian) };
  if (version !== 43 || bytes.length < 16) return null;
  return { bytes, littleEndian, big: true, first: unsigned(bytes, 8, 8, littleEndian) };
}

/** The directory at an offset, as far as it goes; null if it lies outside the block. Of two equal tags the first counts. */
export function readDirectory(tiff: TiffBlock, at: number): Directory | null {
  const { bytes, littleEndian, big } = tiff;
  const [countSize, tagSize] = big ? [8, 20] : [2, 12];
  if (at < 1 || at + countSize > bytes.length) return null;
  const count = unsigned(bytes, at, countSize, littleEndian);
  const end = at + countSize + count * tagSize;
  const tags = new Map<number, Tag>();
  for (let entry = at + countSize; entry + tagSize <= Math.min(end, bytes.length); entry += tagSize) {
    const tag = unsigned(bytes, entry, 2, littleEndian);
    if (!tags.has(tag)) tags.set(tag, readTag(tiff, entry + 2));
  }
  return { tags, whole: end <= bytes.length };
}

/** Offset of the directory behind the one at an offset; 0: there is none. */
export function nextDirectory({ bytes, littleEndian, big }: TiffBlock, at: number): number {
  const [countSize, tagSize, offsetSize] = big ? [8, 20, 8] : [2, 12, 4];
  if (at < 1 || at + countSize > bytes.length) return 0;
  const end = at + countSize + unsigned(bytes, at, countSize, littleEndian) * tagSize;
  return end + offsetSize <= bytes.length ? unsigned(bytes, end, offsetSize, littleEndian) : 0;
}

function readTag({ bytes, littleEndian, big }: TiffBlock, at: number): Tag {
  const word = big ? 8 : 4;
  const type = unsigned(bytes, at, 2, littleEndian);
  const count = unsigned(bytes, at + 2, word, littleEndian);
  const size = (sizes[type] ?? 0) * count;
  const inline = at + 2 + word;
  const from = size <= word ? inline : unsigned(bytes, inline, word, littleEndian);
  const readable = (sizes[type] ?? 0) > 0 && from + size <= bytes.length;
  return { type, count, data: readable ? bytes.subarray(from, from + size) : null };
}

/** BYTE, SHORT, LONG, IFD, BigTIFF's LONG8 and IFD8, and the signed ones, which some writers take for offsets. */
const wholeNumbers = new Set([1, 3, 4, 8, 9, 13, 16, 17, 18]);

/** Whole numbers, none below 0; null for another type, or outside the block. */
export function numbersOf({ littleEndian }: TiffBlock, tag: Tag | undefined): number[] | null {
  if (!tag?.data || !wholeNumbers.has(tag.type)) return null;
  const { data, type, count } = tag;
  const size = sizes[type]!;
  return Array.from({ length: count }, (_, i) => unsigned(data, i * size, size, littleEndian));
}

function unsigned(bytes: Buffer, at: number, size: number, littleEndian: boolean): number {
  if (size === 8) return Number(littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  return littleEndian ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
}
