/** Row heads of a laid-out table: a head that repeats the line above is left blank. */
import type { Line } from './layout.ts';

/** Does head `at` of line `i` repeat the line above, together with all heads before it? */
function repeats(lines: readonly Line[], i: number, at: number): boolean {
  const above = lines[i - 1];
  return above !== undefined && lines[i]!.heads.slice(0, at + 1).every((head, k) => head === above.heads[k]);
}

/** The heads to print, blank where they repeat; the last head of a line always stands. */
export const headsToShow = (lines: readonly Line[]): string[][] =>
  lines.map((line, i) =>
    line.heads.map((head, at) => (at < line.heads.length - 1 && repeats(lines, i, at) ? '' : head)),
  );

/** How many lines a head spans (0 where an earlier one covers it), for HTML row spans. */
export function headSpans(lines: readonly Line[]): number[][] {
  const spans = lines.map((line) => line.heads.map(() => 1));
  for (let i = lines.length - 1; i > 0; i--)
    for (let at = 0; at < lines[i]!.heads.length - 1; at++)
      if (repeats(lines, i, at)) {
        spans[i - 1]![at]! += spans[i]![at]!;
        spans[i]![at] = 0;
      }
  return spans;
}
