/**
 * SSIM, structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004, IEEE TIP 13:600), -1..1, 1 for equal images:
 *   SSIM = (2 mx my + C1) (2 sxy + C2) / ((mx^2 + my^2 + C1) (sx^2 + sy^2 + C2)),  C1 = (0.01 F)^2, C2 = (0.03 F)^2,
 * with the weights of an 11x11 Gaussian of sigma 1.5 (sum 1) at every place where it fits whole; the mean over
 * places, then over channels. No downsampling before. Plain against cipher it is near 0 for any cipher that hides
 * the edges, and depends on the picture: no expectation is given.
 * The window is a product of two rows of 11 weights: rows are filtered once and kept for 11 rows. Variances
 * come as E x^2 - (E x)^2, whose rounding is below 1e-15 F^2 against C2 = 9e-4 F^2, at 8 and at 16 bits.
 */
import { InputError } from '../shared/errors.ts';
import type { Raster } from '../shared/types.ts';
import { checkPair, largestSample } from './_raster.ts';

const size = 11;
const weights = normalised(Float64Array.from({ length: size }, (_, i) => Math.exp(-((i - 5) ** 2) / 4.5)));

function normalised(values: Float64Array): Float64Array {
  const sum = values.reduce((total, v) => total + v, 0);
  return values.map((v) => v / sum);
}

/**
 * Mean SSIM of two images of one shape, channels alike.
 * @throws InputError if the shapes differ, or a side is shorter than 11 pixels
 */
export function ssim(a: Raster, b: Raster): number {
  checkPair(a, b, 'first image', 'second image');
  const { width, height, channels } = a;
  if (width < size || height < size)
    throw new InputError(
      `"first image" expected at least 11x11 pixels, the window of SSIM, got ${width}x${height}; use larger images`,
    );
  let sum = 0;
  for (let channel = 0; channel < channels; channel++) sum += channelSsim(a, b, channel);
  return sum / channels;
}

/** Weighted sums along one row of windows: x, y, xx, yy, xy. */
type Moments = readonly Float64Array[];

function channelSsim(a: Raster, b: Raster, channel: number): number {
  const across = a.width - size + 1;
  const kept: Moments[] = [];
  let sum = 0;
  for (let row = 0; row < a.height; row++) {
    kept.push(filteredRow(a, b, row, channel, across));
    if (kept.length > size) kept.shift();
    if (kept.length === size) sum += sumOfRow(kept, across, largestSample(a.depth));
  }
  return sum / (across * (a.height - size + 1));
}

function filteredRow(a: Raster, b: Raster, row: number, channel: number, across: number): Moments {
  const sums = Array.from({ length: 5 }, () => new Float64Array(across));
  const [x, y, xx, yy, xy] = sums as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const { width, channels } = a;
  for (let j = 0; j < across; j++)
    for (let k = 0; k < size; k++) {
      const at = (row * width + j + k) * channels + channel;
      const w = weights[k]!;
      const p = a.data[at]!;
      const q = b.data[at]!;
      x[j]! += w * p;
      y[j]! += w * q;
      xx[j]! += w * p * p;
      yy[j]! += w * q * q;
      xy[j]! += w * p * q;
    }
  return sums;
}

function sumOfRow(rows: readonly Moments[], across: number, F: number): number {
  const c1 = (0.01 * F) ** 2;
  const c2 = (0.03 * F) ** 2;
  const [x, y, xx, yy, xy] = Array.from({ length: 5 }, (_, which) => down(rows, which, across)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let sum = 0;
  for (let j = 0; j < across; j++) {
    const mean = 2 * x[j]! * y[j]!;
    const squares = x[j]! ** 2 + y[j]! ** 2;
    const covariance = 2 * xy[j]! - mean;
    const variances = xx[j]! + yy[j]! - squares;
    sum += ((mean + c1) * (covariance + c2)) / ((squares + c1) * (variances + c2));
  }
  return sum;
}

function down(rows: readonly Moments[], which: number, across: number): Float64Array {
  const sums = new Float64Array(across);
  rows.forEach((row, k) => {
    const values = row[which]!;
    for (let j = 0; j < across; j++) sums[j]! += weights[k]! * values[j]!;
  });
  return sums;
}
