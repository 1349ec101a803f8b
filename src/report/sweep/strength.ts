/** How strongly an option decides a measure: the share of the variance that its values explain by themselves. */
import { mean } from '../../shared/stats.ts';
import type { CellRow } from './summary.ts';

type Value = CellRow['config'][string];

/** An option with its groups of values, each with the measures of its cells. */
export interface Strength {
  readonly axis: string;
  /** In order; of many numbers ranges, a fifth of the cells each. */
  readonly groups: readonly Group[];
  /** Epsilon squared (Kelley 1935): eta squared without its bias for many groups; at least 0. */
  readonly share: number;
}

export interface Group {
  readonly label: string;
  readonly holds: (value: Value) => boolean;
}

/** Values of an option beyond these are put in ranges. */
const mostValues = 8;
const ranges = 5;

/** The strongest first. @param rows finished cells that have the measure */
export function strengthsOf(rows: readonly CellRow[], axes: readonly string[], by: string): Strength[] {
  const all = axes.map((axis): Strength => {
    const groups = groupsOf(rows.map(({ config }) => config[axis]!));
    const parts = groups.map(({ holds }) =>
      rows.filter(({ config }) => holds(config[axis]!)).map(({ measures }) => measures[by]!),
    );
    return { axis, groups, share: explained(parts.filter((part) => part.length > 0)) };
  });
  return all.sort((a, b) => b.share - a.share);
}

export function groupsOf(values: readonly Value[]): Group[] {
  const distinct = [...new Set(values)];
  if (!distinct.every((value) => typeof value === 'number')) return distinct.map(single);
  const sorted = (values as number[]).toSorted((a, b) => a - b);
  if (distinct.length <= mostValues) return distinct.sort((a, b) => a - b).map(single);
  const cuts = Array.from(
    { length: ranges - 1 },
    (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / ranges)]!,
  );
  const edges = [sorted[0]!, ...new Set(cuts), Number.POSITIVE_INFINITY];
  return edges.slice(0, -1).map((low, k) => {
    const next = edges[k + 1]!;
    const high = sorted.findLast((value) => value < next)!;
    return {
      label: low === high ? String(low) : `${low} to ${high}`,
      holds: (value) => Number(value) >= low && Number(value) < next,
    };
  });
}

const single = (value: Value): Group => ({
  label: String(value ?? 'none'),
  holds: (other) => other === value,
});

function explained(groups: readonly (readonly number[])[]): number {
  const all = groups.flat();
  const centre = mean(all);
  const total = sum(all.map((value) => (value - centre) ** 2));
  if (total === 0) return 0;
  const between = sum(groups.map((group) => group.length * (mean(group) - centre) ** 2));
  const free = all.length - groups.length;
  const noise = free > 0 ? (total - between) / free : 0;
  return Math.max(0, (between - (groups.length - 1) * noise) / total);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
