/**
 * Cycles of the logistic map in floating point (Brent 1980, BIT 20:176): a computer has finitely many numbers, so
 * every orbit ends in a cycle. In float64 they are millions of steps long, in float32 about a thousand (at r = 4 a
 * fifth of the starts fall to 0), so that a float32 keystream repeats within one image.
 */
import { checkLogistic, logisticStep32 } from './logistic.ts';

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
