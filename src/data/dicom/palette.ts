/** PALETTE COLOR pictures to RGB (PS3.3, sections C.7.6.3.1.5, C.7.6.3.1.6 and C.7.9.2). */
import { InputError } from '../../shared/errors.ts';
import type { Depth, Raster } from '../../shared/types.ts';
import { type DataSet, damagedDicom } from './file.ts';

/** Red, green, blue: descriptor, data, data in segments. */
const tags = [
  ['x00281101', 'x00281201', 'x00281221'],
  ['x00281102', 'x00281202', 'x00281222'],
  ['x00281103', 'x00281203', 'x00281223'],
] as const;

interface Table {
  /** The stored value that the first entry is of. */
  readonly first: number;
  /** As the descriptor says. */
  readonly bits: number;
  readonly entries: Uint8Array | Uint16Array;
}

/**
 * Looks each index up; those before the table take its first entry, those behind it its last.
 * @param offset stored value = sample - offset
 * @returns RGB of 8 bits; of 16 where a table says 16, or says 8 and holds words above 255
 * @throws InputError for a table that is missing or damaged, or tables of different depths
 */
export function expandPalette(indexed: Raster, dataSet: DataSet, offset: number, name: string): Raster {
  const tables = tags.map((colour) => tableOf(dataSet, colour, offset > 0, name));
  const depth = depthOf(tables, name);
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

function depthOf(tables: readonly Table[], name: string): Depth {
  const bits = new Set(tables.map((table) => table.bits));
  if (bits.size > 1)
    throw new InputError(
      `${name}: expected palettes of one depth, got ${[...bits].join(' and ')} bits; get the file again`,
    );
  return bits.has(16) || tables.some(({ entries }) => entries.some((entry) => entry > 255)) ? 16 : 8;
}

function tableOf(
  dataSet: DataSet,
  [descriptor, tag, inSegments]: (typeof tags)[number],
  signed: boolean,
  name: string,
): Table {
  const count = dataSet.uint16(descriptor, 0);
  const bits = dataSet.uint16(descriptor, 2);
  const segments = dataSet.bytes(inSegments);
  const plain = dataSet.bytes(tag);
  if (!(plain || segments) || count === undefined || (bits !== 8 && bits !== 16))
    throw new InputError(`${name}: expected a palette of 8 or 16 bits, got none; convert it to RGB first`);
  const first = (signed ? dataSet.int16(descriptor, 1) : dataSet.uint16(descriptor, 1)) ?? 0;
  const length = count === 0 ? 65_536 : count; // 2^16 does not fit into its 16 bits
  const entries = plain
    ? plainEntries(plain, dataSet, tag, length)
    : expandedSegments(ordered(segments!, dataSet), bits, length);
  if (!entries) throw damagedDicom(name, 'its palette is cut off or none');
  return { first, bits, entries };
}

/** Words, or bytes where there are too few bytes for words; null where there are too few for either. */
function plainEntries(data: Buffer, dataSet: DataSet, tag: string, length: number): Table['entries'] | null {
  const words = data.length >= 2 * length;
  if (data.length < length) return null;
  const swapped = words || dataSet.elements[tag]!.vr === 'OW';
  const bytes = swapped ? ordered(data, dataSet) : Buffer.from(data);
  return words ? new Uint16Array(bytes.buffer, bytes.byteOffset, length) : bytes.subarray(0, length);
}

/** A copy of its own, in words of little endian. */
function ordered(data: Buffer, { bigEndian }: DataSet): Buffer {
  const bytes = Buffer.from(Uint8Array.from(data).buffer);
  return bigEndian && bytes.length % 2 === 0 ? bytes.swap16() : bytes;
}

/** Palettes in segments (PS3.3, section C.7.9.2). */

interface State {
  readonly values: Buffer;
  /** Bytes a value. */
  readonly width: 1 | 2;
  readonly entries: number[];
  readonly limit: number;
}

/**
 * @param data little endian
 * @returns null unless the segments give exactly `length` entries
 */
function expandedSegments(data: Buffer, bits: 8 | 16, length: number): Uint8Array | Uint16Array | null {
  const state: State = { values: data, width: bits === 8 ? 1 : 2, entries: [], limit: length };
  let at = 0;
  const end = Math.floor(data.length / state.width);
  try {
    while (at < end && state.entries.length < length) at = segmentAt(state, at, false);
  } catch {
    return null; // it points outside
  }
  if (state.entries.length !== length) return null;
  return bits === 8 ? Uint8Array.from(state.entries) : Uint16Array.from(state.entries);
}

const valueAt = ({ values, width }: State, at: number): number =>
  width === 1 ? values.readUInt8(at) : values.readUInt16LE(2 * at);

/** Adds a segment's entries; returns where the next one begins. */
function segmentAt(state: State, at: number, nested: boolean): number {
  const [kind, count] = [valueAt(state, at), valueAt(state, at + 1)];
  if (kind === 0) return discrete(state, at + 2, count);
  if (kind === 1) return linear(state, at + 2, count);
  if (kind === 2 && !nested) return indirect(state, at + 2, count);
  throw new RangeError(`segment of kind ${kind}`);
}

function discrete(state: State, at: number, count: number): number {
  for (let i = 0; i < count; i++) add(state, valueAt(state, at + i));
  return at + count;
}

/** From the entry before up to the value that is given. */
function linear(state: State, at: number, count: number): number {
  const [from, to] = [state.entries.at(-1), valueAt(state, at)];
  if (from === undefined) throw new RangeError('a linear segment comes first');
  for (let i = 1; i <= count; i++) add(state, rounded(from + ((to - from) * i) / count));
  return at + 1;
}

/** To the nearest integer, of two the even one. */
function rounded(value: number): number {
  const up = Math.round(value);
  return up - value === 0.5 && up % 2 !== 0 ? up - 1 : up;
}

/** Copies of `count` segments from a byte offset of 32 bits on, its less significant part first. */
function indirect(state: State, at: number, count: number): number {
  const parts = state.width === 1 ? [0, 1, 2, 3] : [0, 1];
  const offset = parts.reduce((sum, i) => sum + valueAt(state, at + i) * 256 ** (i * state.width), 0);
  let from = offset / state.width;
  for (let i = 0; i < count; i++) from = segmentAt(state, from, true);
  return at + parts.length;
}

function add({ entries, limit }: State, value: number): void {
  if (entries.length >= limit) throw new RangeError('more entries than the palette has');
  entries.push(value);
}
