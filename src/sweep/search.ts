/**
 * Searches beside grids. Random search (Bergstra and Bengio 2012): variants drawn from a space by seed. Successive
 * halving (Jamieson and Talwalkar 2016): all variants with a small budget, the best of them with a greater one, and so
 * on; each rung trains anew, and ends before the next begins.
 */

import { InputError } from '../shared/errors.ts';
import { type Random, stream } from '../shared/random.ts';
import { integer, type Of, oneOf, z } from '../shared/schema.ts';
import type { Config, Value } from './work.ts';

const range = z.strictObject({
  min: z.number(),
  max: z.number(),
  /** Drawn evenly in the logarithm. */
  log: z.boolean().optional(),
  integer: z.boolean().optional(),
});
export type Range = Of<typeof range>;

const listOrRange = z.union(
  [z.array(z.unknown()).min(1), range],
  'a list of values, or { min, max, log?, integer? }',
);

export const randomSchema = z.strictObject({
  count: integer(1, 100_000),
  seed: integer(0, 2 ** 32).optional(),
  /** A list of values or a range for each key. */
  space: z.record(z.string(), listOrRange),
});

/** @example { budget: 'epochs', values: [1, 3, 9], by: 'val_r2', better: 'higher' } */
export const halvingSchema = z.strictObject({
  budget: z.string('the key that grows, for example epochs or maxSeconds'),
  values: z.array(z.number()).min(2, 'at least two rising budgets'),
  by: z.string('a measure'),
  better: oneOf(['higher', 'lower']),
});
export type Halving = Of<typeof halvingSchema>;

/** A list of values, or a range. */
export type Space = Readonly<Record<string, readonly Value[] | Range>>;

/**
 * The first `count` variants of a space; more of them begin with the same.
 * @throws InputError for an empty space, or a range that is none
 */
export function drawnFrom(space: Space, count: number, seed = 1): Config[] {
  const axes = Object.entries(space);
  if (axes.length === 0)
    throw new InputError('the space of a random search expected at least one key, got none');
  for (const [key, values] of axes) if (!isList(values)) checkRange(key, values);
  return Array.from({ length: count }, (_, nth) =>
    Object.fromEntries(axes.map(([key, values]) => [key, drawn(values, stream(seed, 'search', key, nth))])),
  );
}

const isList = (values: readonly Value[] | Range): values is readonly Value[] => Array.isArray(values);

function checkRange(key: string, { min, max, log = false }: Range): void {
  if (!(min < max))
    throw new InputError(`the range of "${key}" expected a minimum below its maximum, got ${min}..${max}`);
  if (log && min <= 0)
    throw new InputError(`the logarithmic range of "${key}" expected a minimum above 0, got ${min}`);
}

/** Four digits, so that labels stay short. */
function drawn(values: readonly Value[] | Range, random: Random): Value {
  if (isList(values)) return values[random.int(values.length)]!;
  const { min, max, log = false, integer: whole = false } = values;
  if (whole && !log) return min + random.int(max - min + 1);
  const share = random.next();
  const value = log ? Math.exp(Math.log(min) + share * Math.log(max / min)) : min + share * (max - min);
  return whole ? Math.round(value) : Number(value.toPrecision(4));
}

/** @throws InputError unless the budgets rise */
export function checkHalving({ values }: Halving): void {
  if (values.some((value, i) => i > 0 && !(value > values[i - 1]!)))
    throw new InputError(`"halving" expected budgets that rise, got ${values.join(', ')}`);
}
