/** One line of a benchmark: `{work, net, batch, peer, ours, theirs, ratio}` and what it takes to read it. */
import type { Environment } from '../src/engine/environment.ts';
import type { DeviceName, EngineName } from '../src/engine/names.ts';
import type { NetworkName } from '../src/models/networks.ts';

export interface BenchRow {
  /** What was done, to what: `encrypt 512x512x1, logistic`. */
  readonly work: string;
  readonly net: NetworkName | null;
  /** Images at a time. */
  readonly batch: number | null;
  /** Of `ours` and `theirs`: for images/s more is better, for the others less. */
  readonly unit: 'ms' | 's' | 'MB' | 'images/s' | 'GFLOP/s' | '%' | 'exponent' | 'ratio';
  /** Median. */
  readonly ours: number;
  /** What it is compared with, null if nothing. */
  readonly peer: string | null;
  /** Median, by turns with ours. */
  readonly theirs: number | null;
  /** ours / theirs: where both ran by turns, the median of the turns' ratios. */
  readonly ratio: number | null;
  /** What ours is to stay below (images/s: above) on 2 CPU cores with the native engine; null if nothing is promised. */
  readonly limit: number | null;
  /** Time over width x height, where it is a time of whole images. */
  readonly nsPerPixel: number | null;
  /** Runs behind the median. */
  readonly runs: number;
}

const blank = { net: null, batch: null, peer: null, theirs: null, limit: null, nsPerPixel: null };

/** A row; what is not given does not apply. */
export function row(given: Pick<BenchRow, 'work' | 'unit' | 'ours' | 'runs'> & Partial<BenchRow>): BenchRow {
  const { ours, theirs = null } = given;
  return { ...blank, ratio: theirs === null ? null : ours / theirs, ...given };
}

export interface BenchOptions {
  readonly engine: EngineName;
  readonly device?: DeviceName | undefined;
  /** A Python with torch and torchvision to compare `infer`, `train`, `pictures` and `train-memory` with; null compares with nothing. */
  readonly pytorch: string | null;
}

export interface BenchResult {
  /** The machine, and the engine where one ran. */
  readonly environment: Environment;
  /** Processes that wanted to run in the minute before: above 0.5 or so, others share the cores. */
  readonly load: number;
  readonly rows: BenchRow[];
}
