/** Lists and comparisons of runs as text. */
import { clockTime } from '../shared/progress.ts';
import { columns } from '../tables/format.ts';
import type { Comparison } from './compare-runs.ts';
import type { RunEntry } from './list-runs.ts';

const heads = ['run', 'kind', 'state', 'changed (UTC)', 'time', 'R2', 'MB'];

const row = ({ id, kind, state, changed, seconds, r2, bytes, kept }: RunEntry): string[] => [
  id,
  kind ?? '?',
  kept ? `${state}, kept` : state,
  changed.slice(0, 16).replace('T', ' '),
  seconds === null ? '' : clockTime(seconds),
  r2 === null ? '' : r2.toFixed(4),
  (bytes / 1e6).toFixed(1),
];

export function runsText(entries: readonly RunEntry[], root: string): string {
  if (entries.length === 0) return `no runs in ${root}`;
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    ...columns([heads, ...entries.map(row)]),
    `${entries.length} runs, ${(total / 1e6).toFixed(1)} MB`,
  ].join('\n');
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A column a run. */
export function comparisonText({ runs, options }: Comparison): string {
  const results: [string, string[]][] = heads
    .map((head, at): [string, string[]] => [head, runs.map((run) => row(run)[at]!)])
    .slice(0, -1);
  const rows = [
    ...results,
    ...Object.entries(options).map(([name, values]) => [name, values.map(shown)] as const),
  ];
  return columns(rows.map(([name, cells]) => [name, ...cells])).join('\n');
}
