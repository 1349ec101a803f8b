/**
 * `bits`: black or white blocks in rows of eight, highest bit first: the seconds since 0001-01-01 as 40 bits, five rows.
 * Size >= 8. With extra metadata 21 rows follow: 16 letters of the modality of 6 bits, 8 equal blocks that are
 * white where there is a patient, 64 bits of the patient hash. Size >= 26.
 */
import { fromSeconds, toSeconds } from '../datetime.ts';
import { extraOfValues, extraRanges, extraValues, type Metadata } from '../extra.ts';
import { blockOf, type Encoder, type LevelAt, type Paint } from './_encoder.ts';

const columns = 8;
const dateBits = 40;
/** Of each value of an extra: letters have 6, bytes 8, and so has the one that is 0 or 1. */
const widths = extraRanges.map((greatest) => (greatest === 1 ? columns : Math.ceil(Math.log2(greatest + 1))));
const extraBits = widths.reduce((sum, width) => sum + width, 0);

const rowsOf = (withExtra: boolean): number => (dateBits + (withExtra ? extraBits : 0)) / columns;

function draw(metadata: Metadata, size: number, paint: Paint): void {
  const { extra } = metadata;
  const bits = [
    ...bitsOf(toSeconds(metadata), dateBits),
    ...(extra ? extraValues(extra).flatMap((value, i) => bitsOf(stretched(value, i), widths[i]!)) : []),
  ];
  for (const [i, bit] of bits.entries()) {
    const { x, y, width, height } = blockOf(i, columns, rowsOf(extra !== undefined), size);
    paint(x, y, width, height, bit === 1 ? 255 : 0);
  }
}

/** 0 or 1 fills a row. */
const stretched = (value: number, i: number): number => (extraRanges[i] === 1 ? 255 * value : value);

const bitsOf = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.floor(value / 2 ** (count - 1 - i)) % 2);

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

export const bits: Encoder = { least: columns, leastWithExtra: rowsOf(true), draw, read };
