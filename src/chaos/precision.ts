/**
 * Number formats that an orbit may be computed in, every operation rounded to nearest: IEEE 754 doubles and singles,
 * and fixed point with 24 or 16 bits behind the point, as hardware designs take it.
 */
import type { Round } from './map.ts';

const fixedPoint =
  (bits: number): Round =>
  (value) =>
    Math.round(value * 2 ** bits) / 2 ** bits;

export const precisions = {
  float64: (value) => value,
  float32: Math.fround,
  fixed24: fixedPoint(24),
  fixed16: fixedPoint(16),
} satisfies Record<string, Round>;

export type Precision = keyof typeof precisions;
export const precisionNames = Object.keys(precisions) as Precision[];
