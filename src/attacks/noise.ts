/**
 * Noise on the cipher image: salt and pepper on a share of its samples, additive Gaussian noise rounded and cut to
 * the range. In permutation and xor each damaged sample stays one damaged sample, elsewhere, so the picture shines
 * through; papers call that robust. It also means that nobody notices a change: that is the success here. A scheme
 * with authentication refuses all of them, and the sender repeats.
 */
import { stream } from '../shared/random.ts';
import type { Raster } from '../shared/types.ts';
import { type Damage, damageAttack } from './_damage.ts';
import type { AttackInput, AttackOutcome } from './types.ts';

/** Each sample becomes 0 or the largest value, evenly, with probability `share`. */
export function saltAndPepper(image: Raster, share: number, seed: number): Raster {
  const random = stream(seed, 'salt and pepper', share);
  const largest = 2 ** image.depth - 1;
  const data = image.data.slice();
  for (let k = 0; k < data.length; k++) {
    const draw = random.next();
    if (draw < share) data[k] = draw < share / 2 ? 0 : largest;
  }
  return { ...image, data };
}

/** Adds normal noise, its standard deviation in units of the largest sample value. */
export function gaussianNoise(image: Raster, deviation: number, seed: number): Raster {
  const random = stream(seed, 'gaussian', deviation);
  const largest = 2 ** image.depth - 1;
  const noisy = (sample: number): number => Math.round(sample + deviation * largest * random.normal());
  const data = image.data.map((sample) => Math.min(largest, Math.max(0, noisy(sample))));
  return { ...image, data };
}

export function noise(input: AttackInput): AttackOutcome {
  const { seed } = input;
  const salted = [0.01, 0.05, 0.2].map(
    (share): Damage => ({
      name: `salt and pepper ${100 * share} %`,
      apply: (image) => saltAndPepper(image, share, seed),
    }),
  );
  const blurred = [0.002, 0.01, 0.05].map(
    (deviation): Damage => ({
      name: `Gaussian ${100 * deviation} %`,
      apply: (image) => gaussianNoise(image, deviation, seed),
    }),
  );
  return damageAttack(input, [...salted, ...blurred]);
}
