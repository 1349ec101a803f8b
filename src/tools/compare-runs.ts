/** Runs side by side: the options in which they differ, and their results. */
import type { Run } from '../runs/find-run.ts';
import type { RunEntry } from './list-runs.ts';

export interface Comparison {
  readonly runs: readonly RunEntry[];
  /** Options of their config.json that are not the same in all; null where a run has none. */
  readonly options: Readonly<Record<string, readonly unknown[]>>;
}

export const compareRuns = (runs: readonly Run[], entries: readonly RunEntry[]): Comparison => ({
  runs: entries,
  options: optionsThatDiffer(runs),
});

/** null where a run has none. */
export function optionsThatDiffer(runs: readonly Run[]): Comparison['options'] {
  const configs = runs.map(({ config }) => config ?? {});
  const names = [...new Set(configs.flatMap(Object.keys))].sort();
  const rows = names.map((name) => [name, configs.map((config) => config[name] ?? null)] as const);
  const differ = rows.filter(([, values]) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
  return Object.fromEntries(differ);
}
