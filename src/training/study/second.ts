/** What one second more changes in a key. */

export interface SecondChange {
  readonly pairs: number;
  /** Share of seconds whose key the next second has too, bit for bit. */
  readonly unchanged: number;
  /** Absolute change by output, in units of its range. */
  readonly median: readonly number[];
  readonly largest: readonly number[];
}

/** @param now keys of some seconds; @param next keys of the seconds after them */
export function secondChange(now: readonly Float32Array[], next: readonly Float32Array[]): SecondChange {
  const outputs = [...now[0]!.keys()];
  const changes = outputs.map((k) =>
    now.map((key, i) => Math.abs(next[i]![k]! - key[k]!)).sort((a, b) => a - b),
  );
  const equal = now.filter((key, i) => key.every((v, k) => v === next[i]![k])).length;
  return {
    pairs: now.length,
    unchanged: equal / now.length,
    median: changes.map((sorted) => (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2),
    largest: changes.map((sorted) => sorted.at(-1)!),
  };
}
