/** Dates in EXIF blocks and TIFF files (CIPA DC-008): DateTimeOriginal, DateTimeDigitized, DateTime, in this order. */

import type { Candidate } from '../../../shared/datetime.ts';
import { numbersOf, openTiff, readDirectory, type Tag } from '../../images/tiff/directory.ts';

/** Names as other programs print them. */
const tags = [
  ['exif:DateTimeOriginal', 36867],
  ['exif:CreateDate', 36868],
  ['exif:ModifyDate', 306],
] as const;
const exifDirectory = 34665;

/** A damaged tag loses itself, not its block. */
export function exifDates(blocks: readonly Buffer[]): Candidate[] {
  const found = blocks.map(tagsOf);
  return tags.flatMap(([source, number]) =>
    found.flatMap((block) => {
      const tag = block.get(number);
      return tag ? [{ source, text: tag.data?.toString('latin1') ?? null }] : [];
    }),
  );
}

/** JPEG's `Exif` and two zeros, which some writers put in front in other formats too. */
const withoutPrefix = (block: Buffer): Buffer =>
  block.toString('latin1', 0, 5) === 'Exif\0' ? block.subarray(6) : block;

/** Where a directory is lost, so is the date that would have stood in it. */
const lost: ReadonlyMap<number, Tag> = new Map([[36867, { type: 2, count: 0, data: null }]]);

/** Of the first directory and the one for EXIF, which goes before. */
function tagsOf(block: Buffer): ReadonlyMap<number, Tag> {
  const tiff = openTiff(withoutPrefix(block));
  const first = tiff && readDirectory(tiff, tiff.first);
  if (!first) return lost;
  const pointer = first.tags.get(exifDirectory);
  if (!pointer) return first.tags;
  const exif = readDirectory(tiff, numbersOf(tiff, pointer)?.[0] ?? 0);
  return new Map([...(exif?.tags ?? lost), ...first.tags, ...(exif?.tags ?? [])]);
}
