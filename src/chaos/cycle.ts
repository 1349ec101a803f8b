/**
 * Cycles of the maps in finite precision (Brent 1980, BIT 20:176): a computer has finitely many numbers, so every
 * orbit ends in a cycle. Of the logistic map they are millions of steps long in float64 and about a thousand in
 * float32 (at r = 4 a fifth of the starts fall to 0), so that a float32 keystream repeats within one image.
 */
import type { MapParams } from '../shared/types.ts';
import { checkLogistic, logisticStep32 } from './logistic.ts';
import { type ChaoticMap, checkMapParams } from './map.ts';
import { type Precision, precisions } from './precision.ts';

export interface CycleSearch {
  /** Most steps before giving up; 3 in the worst case for each step of tail and cycle. */
  readonly limit: number;
  /** Round each operation to float32. */
  readonly float32?: boolean;
}

/**
 * Length of the cycle that the orbit of x0 ends in, or null if it is not found within the limit.
 * @throws InputError if r is outside (0, 4] or x0 outside (0, 1)
 */
export function cycleLength(r: number, x0: number, { limit, float32 = false }: CycleSearch): number | null {
  checkLogistic(r, x0);
  const next = float32 ? logisticStep32(r) : (x: number): number => r * x * (1 - x);
  let hare = next(x0);
  let tortoise = x0;
  let [power, length] = [1, 1];
  for (let steps = 0; hare !== tortoise; steps++) {
    if (steps === limit) return null;
    if (length === power) {
      tortoise = hare;
      power *= 2;
      length = 0;
    }
    hare = next(hare);
    length++;
  }
  return length;
}

export interface MapCycle {
  /** Steps of the cycle that the orbit ends in; null if it was not found within the limit. */
  readonly length: number | null;
  /** Why the search ended without a cycle. */
  readonly note?: 'limit' | 'diverged';
}

/**
 * The same for any map, whose whole state must come back, in a number format of precision.ts.
 * @param start a state; rounded to the format first
 * @param limit most steps
 * @throws InputError if a parameter is out of range
 */
export function mapCycle(
  map: ChaoticMap,
  params: MapParams,
  start: readonly number[],
  precision: Precision,
  limit: number,
): MapCycle {
  checkMapParams(map, params);
  const round = precisions[precision];
  const next = map.step(params, round);
  const hare = Float64Array.from(start, round);
  const tortoise = hare.slice();
  let [power, length] = [1, 0];
  for (let steps = 0; steps < limit; steps++) {
    next(hare);
    length++;
    if (same(hare, tortoise)) return { length };
    if (length < power) continue;
    if (!hare.every(Number.isFinite)) return { length: null, note: 'diverged' };
    tortoise.set(hare);
    power *= 2;
    length = 0;
  }
  return { length: null, note: 'limit' };
}

function same(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
