/** Medians of timed runs. */
import { randomBytes } from 'node:crypto';
import { median } from '../src/shared/stats.ts';
import { seconds } from '../src/shared/timing.ts';
import type { Raster } from '../src/shared/types.ts';

export interface Effort {
  /** At most so many runs of each job. */
  readonly runs: number;
  /** No turn begins after so many seconds, the first excepted. */
  readonly seconds: number;
}

export interface Medians {
  /** Milliseconds, one for each job. */
  readonly ms: number[];
  readonly runs: number;
}

/** Seconds of turns that do not count, at least one: V8 compiles the loops of small images meanwhile. */
const warmUp = 0.25;

/** Median milliseconds of jobs that take turns. */
export async function medians(jobs: readonly (() => unknown)[], effort: Effort): Promise<Medians> {
  const warm = seconds() + warmUp;
  do for (const job of jobs) await job();
  while (seconds() < warm);
  const times = jobs.map((): number[] => []);
  const end = seconds() + effort.seconds;
  let runs = 0;
  do {
    for (const [k, job] of jobs.entries()) times[k]!.push(await milliseconds(job));
    runs++;
  } while (runs < effort.runs && seconds() < end);
  return { ms: times.map(median), runs };
}

async function milliseconds(job: () => unknown): Promise<number> {
  const from = seconds();
  await job();
  return 1000 * (seconds() - from);
}

/** An image of noise: the scheme takes as long for any picture of its size. */
export function noise(width: number, height: number, channels: number): Raster {
  return { width, height, channels, depth: 8, data: new Uint8Array(randomBytes(width * height * channels)) };
}

/** `512x512x1`. */
export const sizeText = ({ width, height, channels }: Raster): string => `${width}x${height}x${channels}`;
