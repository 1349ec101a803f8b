/** The rungs of successive halving, from the scores of their cells. A cell's process does not load this. */
import { type CellRow, rankingOf, variantsOf } from '../report/sweep/summary.ts';
import type { Halving } from './search.ts';
import type { Config } from './work.ts';

/**
 * The variants that go on to the next rung: of budgets b and c the best share b / c, at least one.
 * @param rows cells of one rung
 * @param rung of these cells, from 0
 */
export function survivorsOf(
  rows: readonly CellRow[],
  axes: readonly string[],
  { values, by, better }: Halving,
  rung: number,
): Config[] {
  const variants = variantsOf(rows, axes);
  const ranked = rankingOf(variants, by, better);
  const kept = Math.max(1, Math.ceil((variants.length * values[rung]!) / values[rung + 1]!));
  return ranked.slice(0, kept).map(({ variant }) => [...variant.cells.values()][0]!.config);
}
