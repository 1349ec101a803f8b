/**
 * The parts that all encoders share. A metadata image consists of cells. Each cell shows one glyph of the encoder's atlas;
 * a date is drawn by one code a cell, the number of the glyph.
 */
import type { Metadata } from '../../metadata/extra.ts';

/** The level of a pixel. */
export type LevelAt = (x: number, y: number) => number;

/** Where the samples of the cells lie in a picture of size x size; a sample may cover any number of pixels. */
export interface Layout {
  readonly cells: number;
  /** The distinct rows, [rows, size]: at each pixel cell * samples of a glyph + sample. */
  readonly rows: Int32Array;
  /** The distinct row that each row of the picture repeats, from the top. */
  readonly rowAt: Int32Array;
}

export interface Encoder {
  /** Smallest side, of a date alone and with extra metadata. */
  readonly least: number;
  readonly leastWithExtra: number;
  /** The levels 0-255 of each glyph's samples, as many for each. */
  readonly glyphs: readonly Uint8Array[];
  readonly layout: (size: number, withExtra: boolean) => Layout;
  /** The glyph of each cell. */
  readonly codes: (metadata: Metadata) => readonly number[];
  /** The inverse. Of a picture that was not drawn from codes it may give anything, also what does not exist. */
  readonly read: (size: number, levelAt: LevelAt, withExtra: boolean) => Metadata;
}

/** Where the k-th of equal parts of a side begins. */
const edge = (k: number, parts: number, size: number): number => Math.floor((k * size) / parts);

/** The first pixel of the i-th, in rows from the top, of columns x rows blocks that tile the picture. */
export const blockOf = (
  i: number,
  columns: number,
  rows: number,
  size: number,
): { x: number; y: number } => ({
  x: edge(i % columns, columns, size),
  y: edge(Math.floor(i / columns), rows, size),
});

/** Blocks as a layout: a cell holds all blocks of a row where the glyphs have `columns` samples, else one block. */
export function blockLayout(columns: number, rows: number, size: number, cells: number): Layout {
  const column = partsAlong(size, columns);
  const distinct = Array.from({ length: rows }, (_, row) => column.map((part) => row * columns + part));
  return { cells, rows: joined(distinct), rowAt: partsAlong(size, rows) };
}

/** For each pixel of a side the one of so many parts that it belongs to. */
function partsAlong(size: number, parts: number): Int32Array {
  const at = new Int32Array(size);
  for (let k = 0; k < parts; k++) at.fill(k, edge(k, parts, size), edge(k + 1, parts, size));
  return at;
}

const joined = (rows: readonly Int32Array[]): Int32Array => Int32Array.from(rows.flatMap((row) => [...row]));
