/** The header of a JPEG file, and whether its scans send the whole picture (T.81, B.2 and G.1). */
import { isFrame, type JpegSegment, marker } from './segments.ts';

export interface Component {
  readonly id: number;
  /** Blocks of 8x8 in an interleaved unit, across and down. */
  readonly across: number;
  readonly down: number;
}

export interface Frame {
  /** Of the marker that begins it: SOF0 is 0. */
  readonly kind: number;
  readonly bits: number;
  readonly height: number;
  readonly width: number;
  readonly components: readonly Component[];
}

/** Null where there is none, or a damaged one, or one in which a component has no blocks. */
export function frameOf(segments: readonly JpegSegment[]): Frame | null {
  const found = segments.find((segment) => isFrame(segment.marker));
  if (!found || found.data.length < 6 || found.data.length < 6 + 3 * found.data[5]!) return null;
  const { data } = found;
  const components = Array.from({ length: data[5]! }, (_, i) => {
    const at = 6 + 3 * i;
    return { id: data[at]!, across: data[at + 1]! >> 4, down: data[at + 1]! & 15 };
  });
  if (!components.every(({ across, down }) => across > 0 && down > 0)) return null;
  const [height, width] = [data.readUInt16BE(1), data.readUInt16BE(3)];
  return { kind: found.marker - 0xc0, bits: data[0]!, height, width, components };
}

export interface Scan {
  /** Of each component: its id, and its Huffman tables for DC and AC coefficients. */
  readonly components: readonly { readonly id: number; readonly dc: number; readonly ac: number }[];
  /** First and last coefficient, and the bits before and after: of sequential frames 0, 63, 0, 0. */
  readonly first: number;
  readonly last: number;
  readonly high: number;
  readonly low: number;
}

/** Null for a damaged one. */
export function scanOf({ data }: JpegSegment): Scan | null {
  const count = data[0] ?? 0;
  if (data.length < 4 + 2 * count) return null;
  const components = Array.from({ length: count }, (_, i) => {
    const tables = data[2 + 2 * i]!;
    return { id: data[1 + 2 * i]!, dc: tables >> 4, ac: tables & 15 };
  });
  const [first, last, bits] = data.subarray(1 + 2 * count);
  return { components, first: first!, last: last!, high: bits! >> 4, low: bits! & 15 };
}

/** Whether every component, of a progressive frame every bit of its coefficients too, has a scan. */
export function scansAreAllThere(frame: Frame, segments: readonly JpegSegment[]): boolean {
  const missing = new Map(
    frame.components.map(({ id }) => [id, new Set(Array.from({ length: 64 }, (_, k) => k))]),
  );
  for (const scan of segments.map((segment) => (segment.marker === marker.SOS ? scanOf(segment) : null))) {
    if (!scan) continue;
    const [first, last] = frame.kind === 2 ? [scan.first, scan.last] : [0, 63];
    const complete = frame.kind !== 2 || scan.low === 0;
    for (const { id } of scan.components)
      for (let k = first; k <= last && complete; k++) missing.get(id)?.delete(k);
  }
  return [...missing.values()].every((coefficients) => coefficients.size === 0);
}
