/** Types of the metrics: what a measurement is, and what an ideal cipher would have given. */

/** The eight measures of the paper's Table 7, by which its Tables 5 and 6 go too. */
export const measureNames = ['uaci', 'npcr', 'mse', 'psnr', 'entropy', 'corr_h', 'corr_v', 'corr_d'] as const;
export type MeasureName = (typeof measureNames)[number];

/** Mean and standard deviation of a measure under an ideal cipher: samples independent and uniform. */
export interface Expectation {
  readonly mean: number;
  readonly sd: number;
}

/** A value beside what an ideal cipher of this very plain image would give: mean, standard deviation, z. */
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
