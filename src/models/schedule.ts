/** Learning rate by progress: linear warm-up, then a cosine to zero (Loshchilov and Hutter 2017, no restarts). */

/** @param progress share of the training done, in [0, 1]; @returns a factor of the peak rate, in (0, 1] */
export function rateFactor(progress: number, warmup: number): number {
  if (progress < warmup) return Math.max(progress / warmup, 1e-3);
  const rest = Math.min(1, (progress - warmup) / Math.max(1 - warmup, 1e-12));
  return (1 + Math.cos(Math.PI * rest)) / 2;
}
