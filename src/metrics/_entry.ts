/** Rows of `medchaos metrics`. */
import { twoSidedP } from './p-value.ts';
import {
  against,
  type Entry,
  type Measured,
  type Metric,
  type Pair,
  type Settings,
  undefinedMeasure,
} from './types.ts';

export function measured({ measure, ideal }: Metric, pair: Pair, settings: Settings): Measured {
  const value = measure(pair, settings);
  return typeof value === 'string' ? undefinedMeasure(value) : against(value, ideal(pair, settings));
}

export function entryOf(metric: Metric, pair: Pair, settings: Settings): Entry {
  const found = measured(metric, pair, settings);
  const { id, unit, follows, details } = metric;
  return entry(id, unit, found, { ...(follows && { follows }), ...details?.(found, pair, settings) });
}

export function entry(name: string, unit: string, found: Measured, details: Partial<Entry> = {}): Entry {
  const p = found.z === null ? null : twoSidedP(found.z);
  return { name, unit, ...found, p, ...details };
}
