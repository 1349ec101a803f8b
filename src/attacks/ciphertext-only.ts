/**
 * Ciphertext only: the attacker has one cipher image and nothing else.
 * 1. The search for the scheme's parameters (parameters/search.ts), where the caller gives one. Success: more than half of
 *    the samples come out.
 * 2. Five statistics of the cipher image, each against its law under an ideal cipher: entropy, histogram chi-square,
 *    correlation of horizontal, vertical and diagonal neighbours (src/metrics). Success: one of the five |z| exceeds 5.2,
 *    two-sided 1e-6 together. A cipher that passes them is not thereby secure: the paper's scheme passes, and the search
 *    gives its key.
 */
import { chiSquare, directions, entropy, expectedEntropy, measureCorrelation } from '../metrics/index.ts';
import type { Raster } from '../shared/types.ts';
import { agreement, percent } from './images.ts';
import type { SearchResult } from './parameters/types.ts';
import type { AttackInput, AttackOutcome } from './types.ts';

const limit = 5.2; // 1 - (1 - 2e-7)^5 = 1e-6

export interface Statistic {
  readonly name: string;
  /** null where it is undefined: constant samples, or no neighbours. */
  readonly value: number | null;
  readonly z: number | null;
}

/** The five statistics of a cipher image beside an ideal one. */
export function statisticsOf(cipher: Raster): Statistic[] {
  const { mean, sd } = expectedEntropy(cipher.data.length, cipher.depth);
  const bits = entropy(cipher);
  const { value, z } = chiSquare(cipher);
  return [
    { name: 'entropy', value: bits, z: sd > 0 ? (bits - mean) / sd : null },
    { name: 'chi-square', value, z },
    ...directions.map((direction) => {
      const { value: r, z: score } = measureCorrelation(cipher, direction);
      return { name: `correlation ${direction}`, value: r, z: score };
    }),
  ];
}

/** The statistic farthest from ideal. */
export function worstOf(statistics: readonly Statistic[]): Statistic {
  const far = ({ z }: Statistic): number => Math.abs(z ?? 0);
  return statistics.reduce((worst, next) => (far(next) > far(worst) ? next : worst));
}

/** Whether a statistic is out of what an ideal cipher gives once in a million images. */
export const gives = ({ z }: Statistic): boolean => Math.abs(z ?? 0) > limit;

export async function ciphertextOnly({ party, plain, search }: AttackInput): Promise<AttackOutcome> {
  const { cipher } = party.encrypt(plain);
  const statistics = statisticsOf(cipher);
  const worst = worstOf(statistics);
  const result = (await search?.(cipher)) ?? null;
  const recovered = result?.found?.image ?? null;
  const recoveredShare = recovered && agreement(recovered, plain);
  const parameters = result?.found?.params ?? null;
  return {
    success: gives(worst) || (recoveredShare ?? 0) > 0.5,
    queries: 0,
    finding: recovered
      ? `one cipher image alone gave the parameters ${parameters!.join(', ')}: ${percent(recoveredShare!)} of its samples recovered`
      : `${failure(result)}farthest from an ideal cipher: ${worst.name} ${worst.value?.toPrecision(6)}, z = ${(worst.z ?? 0).toFixed(1)}`,
    details: { statistics, limit, recoveredShare, parameters, tried: result?.tried ?? 0 },
    pictures: { ...(recovered && { plain }), cipher, ...(recovered && { recovered }) },
  };
}

const failure = (result: SearchResult | null): string =>
  result ? `no parameters found (${result.reached}); ` : '';
