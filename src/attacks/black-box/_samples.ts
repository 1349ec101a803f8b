/** What attacks on unknown ciphers share: pictures to send, cipher samples that vary, and how far from chance a count is. */
import type { Shape } from '../../cipher/index.ts';
import { InputError } from '../../shared/errors.ts';
import { stream } from '../../shared/random.ts';
import type { Raster } from '../../shared/types.ts';
import { randomImage } from '../distinguishing.ts';
import { blackImage } from '../images.ts';

/** Standard deviations that count as a break: an ideal cipher passes this once in 10^15 looks. */
export const certain = 8;

/** A share that is worth the word "recovered". */
export const worthwhile = 0.02;

export const noisePicture = (shape: Shape, seed: number, ...names: (string | number)[]): Raster =>
  randomImage(shape, stream(seed, 'noise picture', ...names));

export function constantPicture(shape: Shape, value: number): Raster {
  const picture = blackImage(shape);
  picture.data.fill(value);
  return picture;
}

/** Almost black. Octave and others read a picture of pure black and white as truth values, so that judge sends none to attack. */
export const dark = 1;

/** @throws InputError unless all cipher pictures have one size and depth */
export function checkOneSize(ciphers: readonly Raster[]): void {
  const sizes = new Set(ciphers.map(({ data, depth }) => `${data.length} samples of ${depth} bits`));
  if (sizes.size > 1)
    throw new InputError(`the cipher pictures have different sizes (${[...sizes].slice(0, 3).join(', ')})`);
}

/** Places where the cipher pictures do not all agree: padding, borders and headers drop out. */
export function varyingPlaces(ciphers: readonly Raster[]): Int32Array {
  checkOneSize(ciphers);
  const [first, ...rest] = ciphers as [Raster, ...Raster[]];
  const places: number[] = [];
  for (let j = 0; j < first.data.length; j++)
    if (rest.some(({ data }) => data[j] !== first.data[j])) places.push(j);
  return Int32Array.from(places);
}

/** Places among `places` where both agree. */
export function hits(a: Raster['data'], b: Raster['data'], places: Int32Array): number {
  let count = 0;
  for (const j of places) if (a[j] === b[j]) count++;
  return count;
}

/** Standard deviations of a count above its binomial expectation. */
export const binomialZ = (count: number, n: number, p: number): number =>
  n === 0 ? 0 : (count - n * p) / Math.sqrt(Math.max(n * p * (1 - p), 1));

/** Of a count above that of a control of the same size, which has the same biases. */
export function aboveControl(count: number, control: number, n: number): number {
  const pooled = Math.min(1, Math.max((count + control) / (2 * n), 1 / n));
  return n === 0 ? 0 : (count - control) / Math.sqrt(Math.max(2 * n * pooled * (1 - pooled), 1));
}

/** How well a recovered picture of noise agrees with the real one; chance gives 2^-depth. */
export function recoveredShare(
  recovered: Raster,
  real: Raster,
): { share: number; z: number; broken: boolean } {
  const n = real.data.length;
  let same = 0;
  for (let k = 0; k < n; k++) if (recovered.data[k] === real.data[k]) same++;
  const z = binomialZ(same, n, 2 ** -real.depth);
  return { share: same / n, z, broken: z > certain && same / n > worthwhile };
}

/** The ways in which a keystream meets a sample: c = p ^ k, c = p + k, c = k - p, modulo 2^depth. */
export const combinations = {
  xor: { key: (c: number, p: number) => c ^ p, open: (c: number, k: number) => c ^ k },
  addition: { key: (c: number, p: number) => c - p, open: (c: number, k: number) => c - k },
  subtraction: { key: (c: number, p: number) => c + p, open: (c: number, k: number) => k - c },
} as const;
export type Combination = keyof typeof combinations;
export const combinationNames = Object.keys(combinations) as Combination[];

export const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
export const pictures = (n: number): string => plural(n, 'picture');
