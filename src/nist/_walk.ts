/**
 * The random walk of both excursion tests, SP 800-22 rev 1a, section 2.14: partial sums of the bits as -1 and 1, cut in
 * J cycles at each return to 0, the last one closed by force.
 */
import { InputError } from '../shared/errors.ts';
import { needBits } from './_check.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, TestName } from './types.ts';

/** States of the excursions test. */
export const nearStates = [-4, -3, -2, -1, 1, 2, 3, 4] as const;
/** States of the variant: -9..-1, 1..9. */
export const farStates = Array.from({ length: 18 }, (_, i) => (i < 9 ? i - 9 : i - 8));

export interface Walk {
  /** J, the number of cycles. */
  readonly cycles: number;
  /** Visits to state x at index x + 9. */
  readonly visits: Float64Array;
  /** Cycles with 0, 1, .., 4, at least 5 visits to state x, at index 6 (x + 4). */
  readonly classes: Float64Array;
}

/** Fewest cycles that give a p-value, SP 800-22 rev 1a, section 2.14.4: max(500, 0.005 sqrt n). */
const minimumCycles = (n: number): number => Math.max(500, Math.ceil(0.005 * Math.sqrt(n)));

/**
 * @throws InputError below 1,000,000 bits, or if the walk returns to 0 too seldom (38 % of ideal sequences of 1e6
 * bits; that says nothing against a sequence)
 */
export function walkOf(test: TestName, bits: Bits, options: NistOptions): Walk {
  needBits(test, bits, 1_000_000, options);
  const walk = walkThrough(bits.values);
  const minimum = options.fewCycles ? 1 : minimumCycles(bits.n);
  if (walk.cycles < minimum)
    throw new InputError(
      `the ${test} test expected at least ${minimum} cycles of the random walk, got ${walk.cycles}; ` +
        'give a longer or another sequence',
    );
  return walk;
}

function walkThrough(values: Uint8Array): Walk {
  const visits = new Float64Array(19);
  const classes = new Float64Array(54);
  const inCycle = new Uint32Array(9);
  let sum = 0;
  let cycles = 0;
  for (let i = 0; i < values.length; i++) {
    sum += 2 * values[i]! - 1;
    if (sum === 0) {
      closeCycle(inCycle, classes);
      cycles++;
    } else if (sum >= -9 && sum <= 9) {
      visits[sum + 9]!++;
      if (sum >= -4 && sum <= 4) inCycle[sum + 4]!++;
    }
  }
  if (sum !== 0) closeCycle(inCycle, classes);
  return { cycles: cycles + (sum === 0 ? 0 : 1), visits, classes };
}

function closeCycle(inCycle: Uint32Array, classes: Float64Array): void {
  for (let state = 0; state < 9; state++) classes[6 * state + Math.min(inCycle[state]!, 5)]!++;
  inCycle.fill(0);
}
