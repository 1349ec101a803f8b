/** Levels of `judge`: `quick` fits into two minutes, `full` runs everything. */
export const levels = ['quick', 'full'] as const;
export type Level = (typeof levels)[number];
