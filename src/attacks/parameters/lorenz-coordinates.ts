/**
 * Coordinates of the space of Lorenz parameters for the search: (beta, lambda, sigma), lambda the growth rate of the
 * orbit that leaves 0,
 *   lambda^2 + (sigma + 1) lambda + sigma (1 - rho) = 0,
 * because the first 40 samples depend on beta and lambda alone.
 */

/** beta, lambda, sigma, three edges, score. */
export const stride = 13;

export const scoreAt = 12;

export interface CellTask {
  readonly cells: Float64Array;
  /** Samples of the cipher picture, in raster order, n at least. */
  readonly samples: Uint8Array | Uint16Array;
  readonly channels: number;
  readonly depth: 8 | 16;
  /** Samples to look at. */
  readonly n: number;
  /** Of the scheme: what |z| is multiplied with, start and step. */
  readonly multiplier: number;
  readonly start: readonly [number, number, number];
  readonly dt: number;
  /** Range of sigma, rho, beta. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Counts of trees that know the plain picture. */
  readonly known?: Uint16Array;
  /** Bits that every sample must have certain: 4. */
  readonly certain: number;
  /** At most so many of the answer, the best. */
  readonly keep: number;
}

/** rho of a point. */
export const rhoOf = (lambda: number, sigma: number): number => 1 + (lambda * (lambda + sigma + 1)) / sigma;

export const lambdaOf = (sigma: number, rho: number): number =>
  (Math.sqrt((sigma + 1) ** 2 - 4 * sigma * (1 - rho)) - sigma - 1) / 2;

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;

export const cross = (a: readonly number[], b: readonly number[]): number[] => [
  a[1]! * b[2]! - a[2]! * b[1]!,
  a[2]! * b[0]! - a[0]! * b[2]!,
  a[0]! * b[1]! - a[1]! * b[0]!,
];
