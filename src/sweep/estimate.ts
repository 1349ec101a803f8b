/** How long the rest of a sweep takes, from cells that were measured: each is taken to last as its nearest kin. */
import type { CellRow } from '../report/sweep/summary.ts';

export interface TimeEstimate {
  /** Cells that were measured, and cells to do. */
  readonly measured: number;
  readonly open: number;
  /** Seconds of all cells to do, one after another; null without a measured cell. */
  readonly work: number | null;
  /** With so many at a time; the cores are shared, so that it may take up to `work`. */
  readonly wall: number | null;
}

export function expectedTime(rows: readonly CellRow[], axes: readonly string[], jobs: number): TimeEstimate {
  const measured = rows.filter(({ seconds }) => seconds !== null);
  const open = rows.filter(({ state }) => state !== 'done');
  if (measured.length === 0) return { measured: 0, open: open.length, work: null, wall: null };
  const times = open.map((row) => nearest(row, measured, axes));
  const work = times.reduce((sum, time) => sum + time, 0);
  const wall = Math.max(work / jobs, ...times, 0);
  return { measured: measured.length, open: open.length, work, wall };
}

/** Mean seconds of the measured cells with the fewest other values. */
function nearest(row: CellRow, measured: readonly CellRow[], axes: readonly string[]): number {
  const distances = measured.map(
    ({ config }) => axes.filter((axis) => config[axis] !== row.config[axis]).length,
  );
  const least = Math.min(...distances);
  const kin = measured.filter((_, i) => distances[i] === least).map(({ seconds }) => seconds!);
  return kin.reduce((sum, time) => sum + time, 0) / kin.length;
}
