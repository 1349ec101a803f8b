/** PALETTE COLOR pictures to RGB (PS3.3, sections C.7.6.3.1.5 and C.7.6.3.1.6). */
import { InputError } from '../../shared/errors.ts';
import type { Raster } from '../../shared/types.ts';
import type { DataSet } from './file.ts';
import { damagedDicom } from './file.ts';

/** Red, green, blue: descriptor, data. */
const tags = [
  ['x00281101', 'x00281201'],
  ['x00281102', 'x00281202'],
  ['x00281103', 'x00281203'],
] as const;

interface Table {
  /** The stored value that the first entry is of. */
  readonly first: number;
  readonly bits: number;
  readonly entries: Uint8Array | Uint16Array;
}

/**
 * Looks each index up; those before the table take its first entry, those behind it its last.
 * @param offset stored value = sample - offset
 * @returns RGB, 8 or 16 bits as the table has
 * @throws InputError for a table that is missing, damaged or in segments
 */
export function expandPalette(indexed: Raster, dataSet: DataSet, offset: number, name: string): Raster {
  const tables = tags.map(([descriptor, data]) => tableOf(dataSet, descriptor, data, offset > 0, name));
  const depth = tables[0]!.bits > 8 ? 16 : 8;
  const length = indexed.data.length * 3;
  const data = depth === 16 ? new Uint16Array(length) : new Uint8Array(length);
  tables.forEach(({ first, entries }, channel) => {
    const last = entries.length - 1;
    indexed.data.forEach((sample, i) => {
      data[3 * i + channel] = entries[Math.min(last, Math.max(0, sample - offset - first))]!;
    });
  });
  return { ...indexed, channels: 3, depth, data };
}

function tableOf(dataSet: DataSet, descriptor: string, tag: string, signed: boolean, name: string): Table {
  const element = dataSet.elements[tag];
  const count = dataSet.uint16(descriptor, 0);
  const bits = dataSet.uint16(descriptor, 2);
  if (!element || count === undefined || (bits !== 8 && bits !== 16))
    throw new InputError(
      `${name}: expected a palette of 8 or 16 bits, got none or one in segments; convert it to RGB first`,
    );
  const first = (signed ? dataSet.int16(descriptor, 1) : dataSet.uint16(descriptor, 1)) ?? 0;
  const entries = count === 0 ? 65_536 : count; // 2^16 does not fit into its 16 bits
  if (element.length >= 2 * entries) return { first, bits, entries: wordsOf(dataSet, tag, entries) };
  if (element.length < entries) throw damagedDicom(name, 'its palette is cut off');
  return {
    first,
    bits,
    entries: dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + entries),
  };
}

/** In the byte order of the file. */
const wordsOf = (dataSet: DataSet, tag: string, count: number): Uint16Array =>
  Uint16Array.from({ length: count }, (_, i) => dataSet.uint16(tag, i)!);
