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
export function expandedSegments(
  data: Buffer,
  bits: 8 | 16,
  length: number,
): Uint8Array | Uint16Array | null {
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
