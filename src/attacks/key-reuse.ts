/**
 * Key reuse: two images stamped with the same second, or two dates that the network maps to the same numbers, share
 * a key. Then C1 ^ C2 = Perm(P1 ^ P2): its histogram is that of P1 ^ P2, which nobody may see, and far from uniform.
 * The attacker has two cipher images and no query. Test: chi-square of C1 ^ C2, beyond the 1e-6 limit or not.
 */
import { chiSquare } from '../metrics/index.ts';
import type { MapParams, Raster } from '../shared/types.ts';
import { agreement, equalImages, xorImages } from './images.ts';
import type { Party } from './party.ts';
import type { AttackInput, AttackOutcome } from './types.ts';

/** Two-sided 1e-6 of a standard normal; the chi-square's z is close to one. */
const suspicious = 4.892;

export interface ReuseTest {
  readonly chi2: number;
  /** Of the chi-square against its expectation under unrelated keys. */
  readonly z: number;
  /** Share of samples in which the two ciphers agree; 1/256 under unrelated 8-bit keys. */
  readonly equalShare: number;
  readonly reused: boolean;
}

/** Whether two cipher images of one shape were made with one key. */
export function keyReuseTest(first: Raster, second: Raster): ReuseTest {
  const xor = xorImages(first, second);
  const { value, z } = chiSquare(xor);
  return { chi2: value, z: z ?? 0, equalShare: agreement(first, second), reused: (z ?? 0) > suspicious };
}

/** The first two places that hold the same parameters: two dates with one key. Null where all differ. */
export function collision(parameters: readonly MapParams[]): readonly [number, number] | null {
  const seen = new Map<string, number>();
  for (const [k, set] of parameters.entries()) {
    const first = seen.get(set.join());
    if (first !== undefined) return [first, k];
    seen.set(set.join(), k);
  }
  return null;
}

/** How many of these parameter sets differ: seconds of a day, say, as a network answers them. */
export const distinctKeys = (parameters: readonly MapParams[]): number =>
  new Set(parameters.map((set) => set.join())).size;

export function keyReuse({ party, plain, others: [other], secondsOfADay }: AttackInput): AttackOutcome {
  const [first, second] = [party.encrypt(plain).cipher, party.encrypt(other).cipher];
  const test = keyReuseTest(first, second);
  const sameKey = equalImages(party.encrypt(plain).cipher, first);
  const relation = test.reused
    ? 'shows that both were made with one key'
    : 'is as that of two unrelated ciphers';
  return {
    success: test.reused,
    queries: 0,
    finding: `two images of the same second: the xor of their ciphers (chi-square ${test.chi2.toFixed(0)}) ${relation}`,
    details: {
      ...test,
      sameImageSameCipher: sameKey,
      ...(secondsOfADay && dayFacts(secondsOfADay)),
      collapsed: secondsOfADay ? collapsed(party, [plain, other], secondsOfADay) : null,
    },
    pictures: { xorOfCiphers: xorImages(first, second), xorOfPlains: xorImages(plain, other) },
  };
}

/** Two dates whose network outputs collapsed to one: an image encrypted at each of them, and the test on both. */
function collapsed(
  party: Party,
  [one, other]: readonly [Raster, Raster],
  day: readonly MapParams[],
): { readonly seconds: readonly [number, number]; readonly reused: boolean } | null {
  const seconds = collision(day);
  if (!seconds) return null;
  const [first, second] = seconds.map((at) => party.with({ params: day[at]! }));
  const test = keyReuseTest(first!.encrypt(one).cipher, second!.encrypt(other).cipher);
  return { seconds, reused: test.reused };
}

/** Neighbouring seconds that share a key because a float32 cannot tell them apart. */
const dayFacts = (day: readonly MapParams[]) => ({
  secondsOfADay: day.length,
  distinctKeysOfADay: distinctKeys(day),
});
