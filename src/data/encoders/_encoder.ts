/** What the encoders have in common: each draws a date, alone or with more, and reads what it drew. */
import type { Metadata } from '../extra.ts';

/** Fills a rectangle with a level of 0-255. */
export type Paint = (x: number, y: number, width: number, height: number, level: number) => void;

/** The level of a pixel. */
export type LevelAt = (x: number, y: number) => number;

export interface Encoder {
  /** Smallest side, of a date alone and with extra metadata. */
  readonly least: number;
  readonly leastWithExtra: number;
  readonly draw: (metadata: Metadata, size: number, paint: Paint) => void;
  /** The inverse. Of a picture that `draw` did not make it may give anything, also what does not exist. */
  readonly read: (size: number, levelAt: LevelAt, withExtra: boolean) => Metadata;
}

/** A rectangle of pixels. */
export interface Block {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The i-th, in rows from the top, of columns x rows blocks that tile the picture. */
export function blockOf(i: number, columns: number, rows: number, size: number): Block {
  const edge = (k: number, parts: number): number => Math.floor((k * size) / parts);
  const [column, row] = [i % columns, Math.floor(i / columns)];
  const [x, y] = [edge(column, columns), edge(row, rows)];
  return { x, y, width: edge(column + 1, columns) - x, height: edge(row + 1, rows) - y };
}
