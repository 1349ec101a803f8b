/** How much `judge` runs: what fits into two minutes, or everything. */
export const levels = ['quick', 'full'] as const;
export type Level = (typeof levels)[number];
