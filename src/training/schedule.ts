/**
 * Learning rate by progress: linear warm-up, then a cosine to zero (Loshchilov and Hutter 2017, no restarts)
 * or a constant.
 */

export const scheduleNames = ['cosine', 'constant'] as const;
export type ScheduleName = (typeof scheduleNames)[number];

/** @param progress share of the horizon passed, from 0; @returns a factor of the peak rate, in [0, 1] */
export function rateFactor(progress: number, warmup: number, schedule: ScheduleName = 'cosine'): number {
  if (progress < warmup) return Math.max(progress / warmup, 1e-3);
  if (schedule === 'constant') return 1;
  const rest = Math.min(1, (progress - warmup) / Math.max(1 - warmup, 1e-12));
  return (1 + Math.cos(Math.PI * rest)) / 2;
}
