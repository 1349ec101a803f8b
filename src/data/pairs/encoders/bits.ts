/**
 * `bits`: black or white blocks in rows of eight, highest bit first: the seconds since 0001-01-01 as 40 bits, five rows.
 * Size >= 8. With extra metadata 21 rows follow: 16 letters of the modality of 6 bits, 8 equal blocks that are
 * white where there is a patient, 64 bits of the patient hash. Size >= 26. A row is a cell, its code a byte.
 */
import { fromSeconds, toSeconds } from '../../../shared/datetime.ts';
import { extraOfValues, extraRanges, extraValues, type Metadata } from '../../metadata/extra.ts';
import { blockLayout, blockOf, type Encoder, type LevelAt } from './_encoder.ts';

const columns = 8;
const dateBits = 40;
/** Of each value of an extra: letters have 6, bytes 8, and so has the one that is 0 or 1. */
const widths = extraRanges.map((greatest) => (greatest === 1 ? columns : Math.ceil(Math.log2(greatest + 1))));
const extraBits = widths.reduce((sum, width) => sum + width, 0);

const rowsOf = (withExtra: boolean): number => (dateBits + (withExtra ? extraBits : 0)) / columns;

const codes = (metadata: Metadata): number[] => bytesOf(bitsOfAll(metadata));

function bitsOfAll(metadata: Metadata): number[] {
  const { extra } = metadata;
  const ofDate = bitsOf(toSeconds(metadata), dateBits);
  if (!extra) return ofDate;
  return [...ofDate, ...extraValues(extra).flatMap((value, i) => bitsOf(stretched(value, i), widths[i]!))];
}

/** 0 or 1 fills a row. */
const stretched = (value: number, i: number): number => (extraRanges[i] === 1 ? 255 * value : value);

const bitsOf = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.floor(value / 2 ** (count - 1 - i)) % 2);

const bytesOf = (bits: readonly number[]): number[] =>
  Array.from({ length: bits.length / columns }, (_, row) =>
    bits.slice(columns * row, columns * (row + 1)).reduce((byte, bit) => 2 * byte + bit, 0),
  );

function read(size: number, levelAt: LevelAt, withExtra: boolean): Metadata {
  let at = 0;
  const next = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++) {
      const { x, y } = blockOf(at++, columns, rowsOf(withExtra), size);
      value = 2 * value + (levelAt(x, y) > 127 ? 1 : 0);
    }
    return value;
  };
  const when = fromSeconds(next(dateBits));
  if (!withExtra) return when;
  const values = widths.map((width, i) => (extraRanges[i] === 1 ? next(width) / 255 : next(width)));
  return { ...when, extra: extraOfValues(values) };
}

export const bits: Encoder = {
  least: columns,
  leastWithExtra: rowsOf(true),
  glyphs: Array.from({ length: 256 }, (_, byte) =>
    Uint8Array.from(bitsOf(byte, columns), (bit) => 255 * bit),
  ),
  layout: (size, withExtra) => blockLayout(columns, rowsOf(withExtra), size, rowsOf(withExtra)),
  codes,
  read,
};
