/**
 * Weak and equivalent keys. Logistic map: a network free to output any r in (3.57, 4] lands in a periodic window
 * (Lyapunov exponent <= 0) about one time in ten, and x0 and 1 - x0 give one orbit. Lorenz map: below the Hopf rho its
 * orbit may end on a fixed point. There z_key repeats, and the cipher shows it.
 * Test: an image encrypted with a weak key, by the statistics of ciphertext-only.ts and by the share of samples
 * that equal the one p places on, p = 1 to 64. A scheme without chaotic parameters is tried with a secret of zeros. Success: beyond what an ideal cipher gives once in a million images.
 */
import { cycleLength } from '../chaos/cycle.ts';
import { logisticLyapunov, logisticMap, periodicShare } from '../chaos/logistic.ts';
import { defaultParams } from '../chaos/map.ts';
import { type MapName, mapNamed } from '../chaos/maps.ts';
import type { MapParams, Raster } from '../shared/types.ts';
import { blackImage } from './_images.ts';
import { gives, statisticsOf, worstOf } from './ciphertext-only.ts';
import type { AttackInput, AttackOutcome } from './types.ts';

const longest = 64;
const limit = 5.7; // two-sided 1e-8: 64 periods are tried

export interface Repetition {
  /** Places apart, in samples. */
  readonly period: number;
  readonly equalShare: number;
  readonly z: number;
}

/** The period p from 1 to 64 at which samples most often equal the one p places on. */
export function repetitionOf({ data, depth }: Raster): Repetition {
  const chance = 2 ** -depth;
  const scores = Array.from({ length: Math.min(longest, data.length - 1) }, (_, i): Repetition => {
    const period = i + 1;
    const n = data.length - period;
    let equal = 0;
    for (let k = 0; k < n; k++) if (data[k] === data[k + period]) equal++;
    return {
      period,
      equalShare: equal / n,
      z: (equal / n - chance) / Math.sqrt((chance * (1 - chance)) / n),
    };
  });
  return scores.reduce((best, next) => (next.z > best.z ? next : best), { period: 0, equalShare: 0, z: 0 });
}

/** Facts of the map alone. */
function mapFacts(map: MapName, [r]: MapParams): Record<string, unknown> {
  if (map !== logisticMap.name) return {};
  return {
    lyapunov: logisticLyapunov(r!),
    periodicShare: periodicShare(3.57, 4),
    cycleFloat32: cycleLength(r!, 0.01, { limit: 1e6, float32: true }),
    cycleFloat64: cycleLength(r!, 0.01, { limit: 2e7 }),
  };
}

/** Parameters that leave no keystream, where the map has some. */
const weakParamsOf = (map: MapName): MapParams => mapNamed(map).weakParams ?? defaultParams(mapNamed(map));

export function weakKeys({ party: own, plain }: AttackInput): AttackOutcome {
  const { scheme, input } = own;
  const byMap = scheme.keyedBy === 'parameters';
  const weak = byMap ? weakParamsOf(input.map) : [];
  const party = own.with(byMap ? { params: weak } : { secret: new Uint8Array(32) });
  const { cipher } = party.encrypt(plain);
  const worst = worstOf(statisticsOf(cipher));
  // On a black image nothing hides the keystream.
  const repetition = repetitionOf(party.encrypt(blackImage(plain)).cipher);
  const repeats = repetition.z > limit;
  return {
    success: repeats || gives(worst),
    queries: 1,
    finding:
      `with ${byMap ? `${input.map} ${weak.join(', ')}` : 'a secret of zeros'} ${worst.name} has z = ${(worst.z ?? 0).toFixed(1)}` +
      (repeats ? ` and the keystream repeats every ${repetition.period} samples` : ', no repetition found'),
    details: { weak, worst, repetition, ...(byMap && mapFacts(input.map, input.params)) },
    pictures: { plain, cipherUnderWeakKey: cipher },
  };
}
