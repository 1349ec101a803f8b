/**
 * Weak and equivalent keys. Logistic map: a network free to output any r in (3.57, 4] lands in a periodic window
 * (Lyapunov exponent <= 0) about one time in ten, and x0 and 1 - x0 give one orbit. There z_key repeats, and the cipher
 * shows it. Parameters that no network can give are no weak keys: of the Lorenz map (10, 10, 2.667), which comes to rest.
 * Test: an image encrypted with a weak key, by the statistics of ciphertext-only.ts and by the share of samples
 * that equal the one p places on, p = 1 to 64. A scheme without chaotic parameters is tried with a secret of zeros. Success: beyond what an ideal cipher gives once in a million images.
 */
import { cycleLength } from '../chaos/cycle.ts';
import { logisticLyapunov, logisticMap, periodicShare } from '../chaos/logistic.ts';
import { type MapName, mapNamed } from '../chaos/maps.ts';
import type { MapParams, Raster } from '../shared/types.ts';
import { gives, type Statistic, statisticsOf, worstOf } from './ciphertext-only.ts';
import { blackImage } from './images.ts';
import type { Party } from './party.ts';
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

/** Of the parameters that a network can give: the map's known weak ones, or else the corners of their ranges. */
function candidates(map: MapName): MapParams[] {
  const { parameters, weakParams } = mapNamed(map);
  const ranges = parameters.map(({ drawn }) => drawn);
  const inRange = (value: number, i: number): boolean => value >= ranges[i]![0] && value <= ranges[i]![1];
  if (weakParams?.every(inRange)) return [weakParams];
  return ranges.reduce<number[][]>(
    (corners, ends) => corners.flatMap((corner) => ends.map((end) => [...corner, end])),
    [[]],
  );
}

/** How an image is encrypted with one weak key. */
interface Trial {
  readonly weak: MapParams;
  readonly cipher: Raster;
  readonly worst: Statistic;
  readonly repetition: Repetition;
  readonly success: boolean;
}

function tryKey(party: Party, weak: MapParams, plain: Raster): Trial {
  const { cipher } = party.encrypt(plain);
  const worst = worstOf(statisticsOf(cipher));
  // On a black image nothing hides the keystream.
  const repetition = repetitionOf(party.encrypt(blackImage(plain)).cipher);
  return { weak, cipher, worst, repetition, success: repetition.z > limit || gives(worst) };
}

export function weakKeys({ party: own, plain }: AttackInput): AttackOutcome {
  const { scheme, input } = own;
  const byMap = scheme.keyedBy === 'parameters';
  const trials = byMap
    ? candidates(input.map).map((params) => tryKey(own.with({ params }), params, plain))
    : [tryKey(own.with({ secret: new Uint8Array(32) }), [], plain)];
  const shown = trials.reduce((best, next) => (next.repetition.z > best.repetition.z ? next : best));
  const { weak, worst, repetition, cipher } = trials.find(({ success }) => success) ?? shown;
  return {
    success: trials.some(({ success }) => success),
    queries: 2 * trials.length,
    finding:
      `${byMap ? `${input.map} ${weak.join(', ')}` : 'a secret of zeros'}${trials.length > 1 ? `, the worst of ${trials.length} corners of the network's range` : ''}: ` +
      `${worst.name} has z = ${(worst.z ?? 0).toFixed(1)}` +
      (repetition.z > limit
        ? ` and the keystream repeats every ${repetition.period} samples`
        : ', no repetition found'),
    details: { weak, worst, repetition, ...(byMap && mapFacts(input.map, input.params)) },
    pictures: { plain, cipherUnderWeakKey: cipher },
  };
}
