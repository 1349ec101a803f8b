/**
 * SSIM, structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004, IEEE TIP 13:600), -1..1, 1 for equal images:
 *   SSIM = (2 mx my + C1) (2 sxy + C2) / ((mx^2 + my^2 + C1) (sx^2 + sy^2 + C2)),  C1 = (0.01 F)^2, C2 = (0.03 F)^2,
 * with the weights of an 11x11 Gaussian of sigma 1.5 (sum 1) at every place where it fits whole; the mean over
 * places, then over channels. No downsampling before. Plain against cipher it is near 0 for any cipher that hides
 * the edges, and depends on the picture: no expectation is given.
 * The window is a product of two rows of 11 weights: each row is filtered once and used for 11 rows; 2124x2056 RGB
 * takes 1.4 to 2.2 s on one core (Node 20). Variances come as E x^2 - (E x)^2: at 8 and 16 bits, nearly white images
 * agree with the plain twin (test/twins/metrics.ts) to 1e-13.
 */
import { InputError } from '../shared/errors.ts';
import type { Raster } from '../shared/types.ts';
import { checkPair, largestSample } from './raster.ts';
import type { Metric } from './types.ts';

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

/** Weighted sums along one row of windows: x, y, xx + yy, xy. */
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
  const [x, y] = [samplesOf(a, row, channel), samplesOf(b, row, channel)];
  return [x, y, squares(x, y), product(x, y)].map((values) => weighted(across, (k) => values.subarray(k)));
}

function samplesOf({ width, channels, data }: Raster, row: number, channel: number): Float64Array {
  const samples = new Float64Array(width);
  const first = row * width * channels + channel;
  for (let j = 0; j < width; j++) samples[j] = data[first + j * channels]!;
  return samples;
}

/** Both variances are only ever added. */
function squares(a: Float64Array, b: Float64Array): Float64Array {
  const sums = new Float64Array(a.length);
  for (let j = 0; j < a.length; j++) sums[j] = a[j]! * a[j]! + b[j]! * b[j]!;
  return sums;
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  const products = new Float64Array(a.length);
  for (let j = 0; j < a.length; j++) products[j] = a[j]! * b[j]!;
  return products;
}

const places = Array.from(weights.keys());

/** sum_k weights[k] rows(k), of the first `across` values each; written out, equal weights together. */
function weighted(across: number, rows: (k: number) => Float64Array): Float64Array {
  const [a, b, c, d, e, f, g, h, i, j, k] = places.map(rows) as Eleven<Float64Array>;
  const [w0, w1, w2, w3, w4, w5] = weights as unknown as Eleven<number>;
  const sums = new Float64Array(across);
  for (let t = 0; t < across; t++) {
    const outer = w0 * (a[t]! + k[t]!) + w1 * (b[t]! + j[t]!) + w2 * (c[t]! + i[t]!);
    sums[t] = outer + w3 * (d[t]! + h[t]!) + w4 * (e[t]! + g[t]!) + w5 * f[t]!;
  }
  return sums;
}

type Eleven<T> = [T, T, T, T, T, T, T, T, T, T, T];

function sumOfRow(rows: readonly Moments[], across: number, F: number): number {
  const c1 = (0.01 * F) ** 2;
  const c2 = (0.03 * F) ** 2;
  const [x, y, both, xy] = [0, 1, 2, 3].map((which) => weighted(across, (k) => rows[k]![which]!)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let sum = 0;
  for (let j = 0; j < across; j++) {
    const mean = 2 * x[j]! * y[j]!;
    const power = x[j]! ** 2 + y[j]! ** 2;
    const covariance = 2 * xy[j]! - mean;
    const variances = both[j]! - power;
    sum += ((mean + c1) * (covariance + c2)) / ((power + c1) * (variances + c2));
  }
  return sum;
}

export const ssimMetric: Metric = {
  id: 'ssim',
  label: 'SSIM',
  unit: '',
  decimals: 4,
  table: null,
  title: 'structural similarity, plain against cipher; depends on the picture',
  measure: ({ plain, cipher }) => ssim(plain, cipher),
  ideal: () => null,
};
