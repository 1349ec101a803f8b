/** From the cells of a sweep to variants: mean and sd over seeds of each measure, and rankings. */
import { holm } from '../../shared/stats.ts';
import { type MeanSd, meanSd, pairedTest } from './statistics.ts';

type Value = string | number | boolean | null;

/** A cell as the tables see it. */
export interface CellRow {
  readonly id: string;
  readonly config: Readonly<Record<string, Value>>;
  readonly seed: number;
  readonly state: 'done' | 'failed' | 'open';
  readonly reason: string | null;
  readonly seconds: number | null;
  readonly measures: Readonly<Record<string, number | null>>;
}

export interface Variant {
  /** `net resnet18, map lorenz`: the axes only. */
  readonly label: string;
  readonly axes: readonly Value[];
  /** Finished cells by seed. */
  readonly cells: ReadonlyMap<number, CellRow>;
  readonly measures: Readonly<Record<string, MeanSd>>;
}

/** In the order in which the cells come. */
export function variantsOf(rows: readonly CellRow[], axes: readonly string[]): Variant[] {
  const groups = new Map<string, CellRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(axes.map((axis) => row.config[axis]));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const names = measureNames(rows);
  return [...groups.values()].map((group) => variantOf(group, axes, names));
}

/** Of all finished cells, in the order of their first appearance; the seconds of the cell come last. */
export const measureNames = (rows: readonly CellRow[]): string[] => [
  ...new Set(rows.flatMap(({ measures }) => Object.keys(measures))),
];

function variantOf(group: readonly CellRow[], axes: readonly string[], names: readonly string[]): Variant {
  const values = axes.map((axis) => group[0]!.config[axis] ?? null);
  const done = group.filter(({ state }) => state === 'done');
  return {
    label: axes.map((axis, i) => `${axis} ${values[i]}`).join(', ') || 'all cells',
    axes: values,
    cells: new Map(done.map((row) => [row.seed, row])),
    measures: Object.fromEntries(
      names.map((name) => [
        name,
        meanSd(done.map(({ measures }) => measures[name]).filter((v): v is number => typeof v === 'number')),
      ]),
    ),
  };
}

export interface Ranked {
  readonly variant: Variant;
  readonly value: MeanSd;
  /** Against the first: mean difference over common seeds, p, and p by Holm; null for the first itself. */
  readonly difference: number | null;
  readonly pairs: number;
  readonly p: number | null;
  readonly pHolm: number | null;
}

/** The variants from best to worst by the mean of one measure; those without a value are left out. */
export function rankingOf(variants: readonly Variant[], by: string, better: 'higher' | 'lower'): Ranked[] {
  const sign = better === 'higher' ? -1 : 1;
  const judged = variants.filter(({ measures }) => typeof measures[by]?.mean === 'number');
  const order = judged.toSorted((a, b) => sign * (a.measures[by]!.mean! - b.measures[by]!.mean!));
  const best = order[0];
  if (!best) return [];
  const tests = order.map((variant) => (variant === best ? null : testOf(variant, best, by)));
  const adjusted = holm(tests.map((test) => test?.p ?? null));
  return order.map((variant, i) => ({
    variant,
    value: variant.measures[by]!,
    difference: tests[i]?.difference ?? null,
    pairs: tests[i]?.pairs ?? 0,
    p: tests[i]?.p ?? null,
    pHolm: adjusted[i] ?? null,
  }));
}

/** Over the seeds that both have a value for. */
function testOf(variant: Variant, best: Variant, by: string) {
  const seeds = [...variant.cells.keys()].filter((seed) =>
    [variant, best].every(({ cells }) => typeof cells.get(seed)?.measures[by] === 'number'),
  );
  const values = ({ cells }: Variant): number[] => seeds.map((seed) => cells.get(seed)!.measures[by]!);
  return pairedTest(values(variant), values(best));
}
