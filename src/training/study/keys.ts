/**
 * How many keys a network really gives, from a sample of the seconds of a time: which of them share a key, how
 * near two keys come, and how many bits an attacker has to guess. Keys are outputs in the unit interval, float32.
 */

import type { ChaoticMap, Weakness } from '../../chaos/map.ts';
import { type MapName, mapNamed } from '../../chaos/maps.ts';
import { weaknessOf } from '../../chaos/spectrum.ts';
import { stream } from '../../shared/random.ts';
import type { MapParams } from '../../shared/types.ts';

/** An estimate with its one-sided 95 % bound. */
export interface Estimate {
  readonly estimate: number;
  readonly atLeast: number;
}

export interface KeyStatistics {
  /** Seconds there are, and those asked, distinct. */
  readonly seconds: number;
  readonly sampled: number;
  /** Distinct keys in the sample. */
  readonly distinct: number;
  /** Pairs of sampled seconds with one key, of sampled (sampled - 1) / 2. */
  readonly equalPairs: number;
  /** Distinct keys of all the seconds, if all are equally frequent; fewer where some are not. */
  readonly distinctOfAll: Estimate;
  /** Of a second drawn at random: log2(seconds). No network can add to it. */
  readonly dateBits: number;
  /** Collision entropy (Renyi's of order 2) of the key of such a second. */
  readonly keyBits: Estimate;
  /** The same of keys that are told apart to 1/256 of each parameter's range only. */
  readonly coarseBits: Estimate;
  /** Smallest distance (Euclidean, in units of the ranges) between keys that differ; null if none do. */
  readonly closest: { readonly distance: number; readonly of: readonly [number, number] } | null;
}

/**
 * @param keys of sampled seconds, all drawn without replacement
 * @param seconds how many the sample is drawn from
 * @throws RangeError for fewer than two keys
 */
export function keyStatistics(keys: readonly Float32Array[], seconds: number): KeyStatistics {
  if (keys.length < 2) throw new RangeError(`"keys" expected two at least, got ${keys.length}`);
  const bytes = keys.map((key) => Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('hex'));
  const exact = shares(bytes);
  const coarse = shares(keys.map((key) => Array.from(key, (v) => Math.floor(256 * v)).join()));
  const bits = (q: number): number => -Math.log2(q + (1 - q) / seconds);
  // Cauchy-Schwarz: of D keys that n_k seconds have, D >= seconds^2 / sum n_k^2 = seconds / (1 + (seconds - 1) q).
  const count = (q: number): number => seconds / (1 + (seconds - 1) * q);
  const both = (of: (q: number) => number, { q, atMost }: Shares): Estimate => ({
    estimate: of(q),
    atLeast: of(atMost),
  });
  return {
    seconds,
    sampled: keys.length,
    distinct: exact.distinct,
    equalPairs: exact.pairs,
    distinctOfAll: both(count, exact),
    dateBits: Math.log2(seconds),
    keyBits: both(bits, exact),
    coarseBits: both(bits, coarse),
    closest: closestPair(keys, [...new Map(bytes.map((label, i) => [label, i])).values()]),
  };
}

interface Shares {
  readonly distinct: number;
  readonly pairs: number;
  /** Share of pairs that coincide, which estimates the probability without bias, and its upper 95 % bound. */
  readonly q: number;
  readonly atMost: number;
}

function shares(labels: readonly string[]): Shares {
  const n = labels.length;
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const pairs = sum(counts, (c) => (c * (c - 1)) / 2);
  const all = (n * (n - 1)) / 2;
  const q = pairs / all;
  // Two bounds, the larger one holds: Poisson's for few pairs, and the U-statistic's where some keys are frequent.
  const variance = sum(counts, (c) => c * ((c - 1) / (n - 1) - q) ** 2) / n;
  const normal = q + 1.645 * Math.sqrt((4 * variance) / n);
  return {
    distinct: counts.size,
    pairs,
    q,
    atMost: Math.min(1, Math.max(poissonBound(pairs) / all, normal)),
  };
}

const sum = (counts: ReadonlyMap<string, number>, of: (count: number) => number): number =>
  [...counts.values()].reduce((total, count) => total + of(count), 0);

/** Upper 95 % bound of a Poisson mean after `k` events, by Wilson and Hilferty 1931: 2.97 (exactly 3.00) for none. */
function poissonBound(k: number): number {
  const n = k + 1;
  return n * (1 - 1 / (9 * n) + 1.645 / (3 * Math.sqrt(n))) ** 3;
}

/** By a sweep along the output that spreads widest. @param distinct a place in `keys` of each that differs */
function closestPair(keys: readonly Float32Array[], distinct: number[]): KeyStatistics['closest'] {
  const axis = widestAxis(keys);
  const order = distinct.sort((a, b) => keys[a]![axis]! - keys[b]![axis]!);
  let best = Infinity;
  let of: [number, number] | null = null;
  for (let i = 0; i < order.length; i++)
    for (let j = i + 1; j < order.length; j++) {
      const [a, b] = [keys[order[i]!]!, keys[order[j]!]!];
      if (b[axis]! - a[axis]! >= best) break;
      const distance = distanceOf(a, b);
      if (distance >= best) continue;
      best = distance;
      of = [order[i]!, order[j]!];
    }
  return of && { distance: best, of };
}

function widestAxis(keys: readonly Float32Array[]): number {
  const widths = Array.from(keys[0]!, (_, k) => {
    let [low, high] = [Infinity, -Infinity];
    for (const key of keys) {
      low = Math.min(low, key[k]!);
      high = Math.max(high, key[k]!);
    }
    return high - low;
  });
  return widths.indexOf(Math.max(...widths));
}

const distanceOf = (a: Float32Array, b: Float32Array): number => Math.hypot(...a.map((v, k) => v - b[k]!));

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

export interface WeakKeys {
  /** What makes one weak. */
  readonly test: string;
  readonly keys: number;
  readonly weak: number;
  /** Share expected of parameters that are uniform in their ranges. */
  readonly expected: number;
}

export function weakKeys(name: MapName, params: readonly MapParams[]): WeakKeys {
  const map = mapNamed(name);
  const { test, holds, share } = weaknessOf(map);
  const expected = share?.() ?? drawnShare(map, holds);
  return { test, keys: params.length, weak: params.filter(holds).length, expected };
}

/** Of parameters that are uniform in their intervals. */
function drawnShare({ parameters, weakness }: ChaoticMap, holds: Weakness['holds']): number {
  const random = stream(1, 'uniform parameters');
  const draw = () => parameters.map(({ drawn: [lo, hi] }) => lo + (hi - lo) * random.next());
  const draws = weakness ? 10_000 : 100; // an exponent takes up to 30 ms
  return Array.from({ length: draws }, draw).filter(holds).length / draws;
}
