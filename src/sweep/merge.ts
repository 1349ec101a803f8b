/** Merges a sweep's parts: its cells by job, each job merged by its work, missing parts listed. */

import { join } from 'node:path';
import type { CellRow } from '../report/sweep/summary.ts';
import { jobId } from './shard.ts';
import type { Config, Part, Work } from './work.ts';

/** One job of a sweep. */
export interface MergedJob {
  /** The options that differ between jobs: `map lorenz`; empty for a single job. */
  readonly label: string;
  readonly complete: boolean;
  readonly shards: number;
  /** Shards whose cells are not done, or not in the sweep. */
  readonly missing: readonly number[];
  readonly result: object;
  readonly text: string;
}

/** @param rows all cells of the sweep, in run folders in `out` */
export async function mergeJobs(
  merge: NonNullable<Work['merge']>,
  rows: readonly CellRow[],
  axes: readonly string[],
  out: string,
): Promise<MergedJob[]> {
  const jobs = new Map<string, CellRow[]>();
  for (const row of rows) {
    const id = jobId(row.config);
    jobs.set(id, [...(jobs.get(id) ?? []), row]);
  }
  const merged: MergedJob[] = [];
  for (const cells of jobs.values()) merged.push(await mergeJob(merge, cells, axes, out));
  return merged;
}

async function mergeJob(
  merge: NonNullable<Work['merge']>,
  cells: readonly CellRow[],
  axes: readonly string[],
  out: string,
): Promise<MergedJob> {
  const { config } = cells[0]!;
  const shards = Number(config.shards);
  const done = new Set(cells.filter(({ state }) => state === 'done').map((cell) => cell.config.shard));
  const missing = [...new Array(shards).keys()].filter((shard) => !done.has(shard));
  const parts = cells
    .toSorted((a, b) => Number(a.config.shard) - Number(b.config.shard))
    .flatMap((cell) => partOf(cell, out));
  const { json, text } = await merge(parts);
  const label = labelOf(config, axes);
  return { label, complete: missing.length === 0, shards, missing, result: json, text };
}

function partOf({ id, config, state, measures }: CellRow, out: string): Part[] {
  return state === 'open' ? [] : [{ config, folder: join(out, id), state, measures }];
}

const labelOf = (config: Config, axes: readonly string[]): string =>
  axes
    .filter((axis) => axis !== 'shard')
    .map((axis) => `${axis} ${config[axis]}`)
    .join(', ');

/** A section a job. */
export function mergedText(jobs: readonly MergedJob[]): string {
  return jobs
    .map(({ label, complete, shards, missing, text }) =>
      [
        ...(label === '' ? [] : [`### ${label}`]),
        ...(complete
          ? []
          : [`Not complete: ${missing.length} of ${shards} parts are missing (${few(missing)}).`]),
        text,
      ].join('\n\n'),
    )
    .join('\n\n');
}

const few = (numbers: readonly number[]): string =>
  numbers.length > 8 ? `${numbers.slice(0, 8).join(', ')}, ...` : numbers.join(', ');
