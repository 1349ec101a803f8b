/** Numbers as text: the paper's decimals in laid-out tables. */

/** Digits behind the decimal point of a printed number; 0 for `2^133120` and the like. */
export const decimalsOf = (printed: string): number => (printed.split('.')[1] ?? '').length;

/** Fixed decimals; no minus before zero, the infinity sign, a dash for nothing. */
export function fixed(value: number | null, decimals: number): string {
  if (value === null) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** Mean and sd: the paper's decimals, or as many as show two digits of the sd. */
export function meanSd(mean: number, sd: number, decimals: number): string {
  const needed = sd > 0 ? Math.max(0, 1 - Math.floor(Math.log10(sd))) : 0;
  const shown = Math.min(8, Math.max(decimals, needed));
  return `${fixed(mean, shown)} ± ${fixed(sd, shown)}`;
}

/** Mark of |z| > 3, explained in the captions. */
export const outlierMark = '†';

export const isOutlier = (z: number | null): boolean => z !== null && Math.abs(z) > 3;

/** Two decimals; none from a thousand on. */
export const zText = (z: number | null): string =>
  `${fixed(z, z !== null && Math.abs(z) >= 1000 ? 0 : 2)}${isOutlier(z) ? ` ${outlierMark}` : ''}`;

const units: [number, string, number][] = [
  [1e-3, 'µs', 1e6],
  [1, 'ms', 1e3],
];

/** Seconds in a readable unit. */
export function seconds(value: number): string {
  const unit = units.find(([below]) => value < below);
  return unit ? `${(value * unit[2]).toPrecision(3)} ${unit[1]}` : `${value.toPrecision(3)} s`;
}

/** Rows of cells as lines, columns aligned; the first row gives the number of columns. */
export function columns(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd(),
  );
}
