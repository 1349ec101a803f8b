/** A metric: a number of a plain image and its cipher image, beside an ideal cipher's number. */
import type { Raster } from '../shared/types.ts';
import type { Differences } from './_differences.ts';

/** The eight measures of the paper's Tables 5, 6 and 7, which every run has. */
export const measureNames = ['uaci', 'npcr', 'mse', 'psnr', 'entropy', 'corr_h', 'corr_v', 'corr_d'] as const;
export type MeasureName = (typeof measureNames)[number];

/** Mean and standard deviation of a measure under an ideal cipher: samples independent and uniform. */
export interface Expectation {
  readonly mean: number;
  readonly sd: number;
}

/** A value beside the expectation for an ideal cipher of this very plain image. */
export interface Measured {
  /** null where the measure is undefined (no adjacent pair, constant samples); `note` says why. */
  readonly value: number | null;
  /** null where no expectation exists. */
  readonly expected: number | null;
  readonly sd: number | null;
  /** (value - expected) / sd; null where one of them is missing or sd is 0. */
  readonly z: number | null;
  readonly note?: string;
}

/** A value beside its expectation; z = (value - mean) / sd. */
export function against(value: number, expectation: Expectation | null): Measured {
  if (!expectation) return { value, expected: null, sd: null, z: null };
  const { mean, sd } = expectation;
  return { value, expected: mean, sd, z: sd > 0 ? (value - mean) / sd : null };
}

export const undefinedMeasure = (note: string): Measured => ({
  value: null,
  expected: null,
  sd: null,
  z: null,
  note,
});

export interface Images {
  readonly plain: Raster;
  readonly cipher: Raster;
  /** Cipher of a plain image one pixel away, under the same key. */
  readonly second?: Raster;
}

/** Images of one shape, with the sums that several metrics need: each is computed at its first use, once. */
export interface Pair extends Images {
  /** Of plain against cipher. */
  readonly differences: () => Differences;
  readonly plainCounts: () => Float64Array;
  readonly cipherCounts: () => Float64Array;
}

export interface Settings {
  /** Two-sided level of verdicts and intervals, in (0, 0.5]. */
  readonly level: number;
  /** Draws the blocks of the local entropy and the random pairs. */
  readonly seed: number;
  /** Random pairs a direction; 5000, or all where there are fewer, if left out. */
  readonly pairs?: number;
}

export const defaultSettings: Settings = { level: 0.01, seed: 1 };

export type Interval = readonly [low: number, high: number];

/** A row of `medchaos metrics`: a measure with its p. */
export interface Entry extends Measured {
  readonly name: string;
  readonly unit: string;
  /** Two-sided, by the normal law unless the measure has its own; null without an expectation. */
  readonly p: number | null;
  /** One-sided: probability of a value as low as this. */
  readonly pLower?: number;
  readonly intervals?: Readonly<Record<string, Interval>>;
  /** A line below the row. */
  readonly remark?: string;
  /** The measure that this one moves together with: verdicts count the two once. */
  readonly follows?: string;
}

export interface Metric {
  /** Key in JSON and CSV files, and in the registry (metrics.ts). */
  readonly id: string;
  /** Name in tables, without the unit. */
  readonly label: string;
  /** '%', 'dB', 'bits'; '' for a pure number. */
  readonly unit: string;
  /** Decimals in tables, where the paper prints none. */
  readonly decimals: number;
  /**
   * The paper's table that shows it. `reproduce-tables` measures the metrics of 5 (plain against cipher) and 6 (cipher
   * alone) for each image and method, and shows them in Table 7 too. null: only `medchaos metrics` has it.
   */
  readonly table: 3 | 5 | 6 | null;
  /** Heading in `medchaos metrics` for a metric with a section of its own; the label unless given. */
  readonly title?: string;
  /** A metric that moves together with this one: findings and verdicts count the two once. */
  readonly follows?: string;
  /** The value; a text where it is undefined, with the reason. */
  readonly measure: (pair: Pair, settings: Settings) => number | string;
  /** null where there is no closed form. */
  readonly ideal: (pair: Pair, settings: Settings) => Expectation | null;
  /** Its own p, intervals or a remark. */
  readonly details?: (measured: Measured, pair: Pair, settings: Settings) => Partial<Entry>;
}

/** Rows of one equation over channels, directions or bit planes. */
export type Family = (pair: Pair, settings: Settings) => Entry[];
