/** Which runs of a list are meant, and in which order they are shown. */
import type { RunKind } from '../runs/find-run.ts';
import type { RunEntry, RunState } from './list-runs.ts';

export const runSorts = ['changed', 'r2', 'seconds', 'size', 'id'] as const;

export interface RunFilter {
  readonly kind?: RunKind | undefined;
  readonly state?: RunState | undefined;
  /** Part of the id. */
  readonly match?: string | undefined;
  /** Changed before this time, ISO 8601 in UTC. */
  readonly before?: string | undefined;
}

export const chooseRuns = (entries: readonly RunEntry[], filter: RunFilter): RunEntry[] =>
  entries.filter(
    ({ id, kind, state, changed }) =>
      (filter.kind === undefined || kind === filter.kind) &&
      (filter.state === undefined || state === filter.state) &&
      (filter.match === undefined || id.includes(filter.match)) &&
      (filter.before === undefined || changed < filter.before),
  );

const ranks: Readonly<Record<(typeof runSorts)[number], (entry: RunEntry) => number | string>> = {
  changed: ({ changed }) => -Date.parse(changed),
  r2: ({ r2 }) => -(r2 ?? Number.NEGATIVE_INFINITY),
  seconds: ({ seconds }) => -(seconds ?? 0),
  size: ({ bytes }) => -bytes,
  id: ({ id }) => id,
};

/** The newest, best, longest or largest first; ids from A on. */
export const sortRuns = (entries: readonly RunEntry[], by: (typeof runSorts)[number]): RunEntry[] =>
  [...entries].sort((a, b) => (ranks[by](a) < ranks[by](b) ? -1 : 1));
