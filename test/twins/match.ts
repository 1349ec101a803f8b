/** Plain twin of src/attacks/_match.ts for pictures whose rows differ as multisets: sort, write down, look up. */
import type { Grid } from '../../src/attacks/_match.ts';

const rowsOf = ({ width, height, pixels }: Grid): number[][] =>
  Array.from({ length: height }, (_, i) => [...pixels.subarray(i * width, (i + 1) * width)]);

export function matchPlain(before: Grid, after: Grid): { yIndex: number[]; xIndex: number[] } {
  const sorted = (row: number[]): string => row.toSorted((a, b) => a - b).join();
  const [from, to] = [rowsOf(before), rowsOf(after)];
  const known = from.map(sorted);
  const yIndex = to.map((row) => known.indexOf(sorted(row)));
  const column = (rows: number[][], j: number): string => rows.map((row) => row[j]).join();
  const columns = Array.from({ length: before.width }, (_, j) =>
    column(
      yIndex.map((i) => from[i]!),
      j,
    ),
  );
  const xIndex = Array.from({ length: after.width }, (_, j) => columns.indexOf(column(to, j)));
  return { yIndex, xIndex };
}
