/** The three splits of pairs, by group. */
import { permutation, stream } from '../../shared/random.ts';

export const splitNames = ['train', 'val', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

/**
 * The split of each group: the first round(fraction * n) groups of a seeded order are `test`, as many `val`,
 * the rest `train`.
 */
export function splitGroups(
  groups: readonly string[],
  fraction: number,
  seed: number,
): ReadonlyMap<string, SplitName> {
  const distinct = [...new Set(groups)];
  const held = Math.round(fraction * distinct.length);
  const order = permutation(distinct.length, stream(seed, 'split'));
  const splitOf = (place: number): SplitName => (place < held ? 'test' : place < 2 * held ? 'val' : 'train');
  return new Map(Array.from(order, (which, place) => [distinct[which]!, splitOf(place)]));
}
