/**
 * Pairs counted and described while they are written, so that no table of them need be loaded: 24 bytes a pair, for the
 * medians. `summarise` (pairs-table.ts) says the same of a table.
 */
import { deviation, mean, median } from '../../shared/stats.ts';
import type { Pair, Pairs } from './pairs.ts';

/** Counts of one set, source of dates and split, and the range of each target value. */
export interface PairGroup {
  readonly set: string;
  readonly dateSource: string;
  readonly split: string;
  readonly count: number;
  /** Least and greatest of target 1, 2, ... */
  readonly targets: readonly (readonly [least: number, greatest: number])[];
}

/** Statistics of one target column; std with n - 1. */
export type Described = Readonly<Record<'count' | 'mean' | 'std' | 'min' | 'median' | 'max', number>>;

/** The content of pairs.json. */
export interface PairsSummary {
  readonly version: 2;
  readonly options: object;
  readonly count: number;
  readonly skipped: Pairs['skipped'];
  /** As in `Pairs`; summaries of earlier versions have none. */
  readonly faults?: readonly string[];
  readonly sets: Readonly<Record<string, number>>;
  readonly splits: Readonly<Record<string, number>>;
  readonly sources: Readonly<Record<string, number>>;
  readonly groups: readonly PairGroup[];
  readonly targets: Readonly<Record<string, Described>>;
}

interface Group extends PairGroup {
  count: number;
  readonly targets: [least: number, greatest: number][];
}

export class PairsTally {
  readonly #groups = new Map<string, Group>();
  readonly #targets: Float64Array[] = [];
  #count = 0;

  add({ set, dateSource, split, targets }: Pick<Pair, 'set' | 'dateSource' | 'split' | 'targets'>): void {
    const key = [set, dateSource, split].join('\n');
    const group = this.#groups.get(key) ?? { set, dateSource, split, count: 0, targets: [] };
    this.#groups.set(key, group);
    group.count++;
    for (const [k, value] of targets.entries()) {
      const [least, greatest] = group.targets[k] ?? [value, value];
      group.targets[k] = [Math.min(least, value), Math.max(greatest, value)];
      this.#targets[k] = withRoom(this.#targets[k], this.#count);
      this.#targets[k][this.#count] = value;
    }
    this.#count++;
  }

  /** @param options of the pairs, written unchanged */
  summary(skipped: Pairs['skipped'], options: object): PairsSummary {
    return {
      version: 2,
      options,
      count: this.#count,
      skipped,
      sets: this.#counts(({ set }) => set),
      splits: this.#counts(({ split }) => split),
      sources: this.#counts(({ dateSource }) => dateSource),
      groups: [...this.#groups.values()],
      targets: Object.fromEntries(
        this.#targets.map((values, k) => [`target_${k + 1}`, described(values.subarray(0, this.#count))]),
      ),
    };
  }

  #counts(nameOf: (group: PairGroup) => string): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const group of this.#groups.values()) {
      const name = nameOf(group);
      counts[name] = (counts[name] ?? 0) + group.count;
    }
    return counts;
  }
}

function withRoom(values: Float64Array = new Float64Array(1024), count: number): Float64Array {
  if (count < values.length) return values;
  const longer = new Float64Array(2 * values.length);
  longer.set(values);
  return longer;
}

/** @param values sorted afterwards */
export function described(values: Float64Array): Described {
  const count = values.length;
  const facts = { count, mean: mean(values), std: deviation(values), median: median(values) };
  values.sort();
  return { ...facts, min: values[0]!, max: values[count - 1]! };
}
