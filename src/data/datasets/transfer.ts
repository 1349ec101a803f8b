/** Progress of several transfers at once: megabytes done of all, speed, time left. */
import { duration, type Progress, progressBar } from '../../shared/progress.ts';
import { seconds } from '../../shared/timing.ts';

export interface Transfers {
  /** `done` of `total` bytes of one file; null: length not known. Bytes of an earlier run do not count for the speed. */
  update(file: string, done: number, total: number | null): void;
  stop(note?: string): void;
}

/** Bytes per megabyte, as in the sizes that hosts print. */
const mega = 1e6;

/**
 * One bar for all files.
 * @param expected bytes of all files, as far as known; files that turn out otherwise correct it
 */
export function transferBar(title: string, expected: ReadonlyMap<string, number>): Transfers {
  const totals = new Map(expected);
  const done = new Map<string, number>();
  const first = new Map<string, number>();
  const bar: Progress = progressBar(title, 0);
  const start = seconds();
  let drawn = 0;
  const draw = (): void => {
    const [now, total] = [sum(done), sum(totals)];
    const note = transferNote(now - sum(first), total - now, seconds() - start);
    bar.update(Math.floor(now / mega), `MB, ${note}`, Math.ceil(total / mega));
  };
  return {
    update(file, bytes, total) {
      if (!first.has(file)) first.set(file, bytes);
      done.set(file, bytes);
      totals.set(file, total ?? Math.max(bytes, totals.get(file) ?? 0));
      // Ten times a second: a fast line brings a thousand pieces in that time.
      if (seconds() - drawn < 0.1 && sum(done) < sum(totals)) return;
      drawn = seconds();
      draw();
    },
    stop: (note) => bar.stop(note),
  };
}

const sum = (values: ReadonlyMap<string, number>): number => {
  let total = 0;
  for (const value of values.values()) total += value;
  return total;
};

/** `12.5 MB/s, 3 min left`. @param moved bytes in this run @param left bytes still to come */
export function transferNote(moved: number, left: number, elapsed: number): string {
  if (!(moved > 0 && elapsed > 0)) return 'starting';
  const speed = moved / elapsed;
  return `${(speed / mega).toFixed(1)} MB/s, ${duration(left / speed)} left`;
}
