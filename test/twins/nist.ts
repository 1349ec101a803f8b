/** Slow plain twins of src/nist: definitions on strings and arrays of 0 and 1, no words, no shared windows. */

export const textOf = (values: ArrayLike<number>): string => Array.from(values).join('');

export const onesPlain = (bits: string): number => bits.replaceAll('0', '').length;

export const runsPlain = (bits: string): number => bits.match(/0+|1+/g)!.length;

/** sum (ones in a block - M/2)^2 over the whole blocks. */
export const blockSquaresPlain = (bits: string, M: number): number =>
  blocksOf(bits, M).reduce((sum, block) => sum + (onesPlain(block) - M / 2) ** 2, 0);

export const longestRunPlain = (bits: string): number =>
  Math.max(0, ...bits.split(/0+/).map((run) => run.length));

/** Matches of a template; after each the search goes on behind it. */
export function matchesPlain(bits: string, template: string): number {
  let [at, found] = [bits.indexOf(template), 0];
  for (; at >= 0; found++) at = bits.indexOf(template, at + template.length);
  return found;
}

/** Matches of a template wherever it begins. */
export const overlapsPlain = (bits: string, template: string): number =>
  Array.from(bits, (_, at) => +bits.startsWith(template, at)).reduce((sum, one) => sum + one, 0);

/** How often each window of m bits begins on the ring. */
export function windowsPlain(bits: string, m: number): Map<string, number> {
  const counts = new Map<string, number>();
  const ring = bits.repeat(1 + Math.ceil(m / bits.length));
  for (let i = 0; i < bits.length; i++) {
    const window = ring.slice(i, i + m);
    counts.set(window, (counts.get(window) ?? 0) + 1);
  }
  return counts;
}

/** |X_k|^2 by the definition, n^2 steps. */
export function powerSpectrumPlain(x: readonly number[]): number[] {
  const n = x.length;
  return Array.from({ length: Math.floor(n / 2) }, (_, k) => {
    const angle = (j: number): number => (2 * Math.PI * ((j * k) % n)) / n;
    const re = x.reduce((sum, v, j) => sum + v * Math.cos(angle(j)), 0);
    const im = x.reduce((sum, v, j) => sum + v * Math.sin(angle(j)), 0);
    return re * re + im * im;
  });
}

/** Rank of a square matrix over GF(2) by Gauss, rows one behind the other. */
export function rankPlain(bits: string, side: number): number {
  const rows = blocksOf(bits, side).map((row) => Array.from(row, Number));
  let rank = 0;
  for (let column = 0; column < side; column++) {
    const pivot = rows.findIndex((row, i) => i >= rank && row[column] === 1);
    if (pivot < 0) continue;
    [rows[rank], rows[pivot]] = [rows[pivot]!, rows[rank]!];
    for (let i = rank + 1; i < rows.length; i++)
      if (rows[i]![column] === 1) rows[i] = rows[i]!.map((bit, j) => bit ^ rows[rank]![j]!);
    rank++;
  }
  return rank;
}

/** Berlekamp and Massey as in the paper of 1969, with both polynomials. */
export function linearComplexityPlain(s: readonly number[]): number {
  let [C, B, L, m] = [[1], [1], 0, -1];
  for (let N = 0; N < s.length; N++) {
    let discrepancy = 0;
    for (let i = 0; i <= L; i++) discrepancy ^= (C[i] ?? 0) & s[N - i]!;
    if (discrepancy === 0) continue;
    const before = C;
    C = addShifted(C, B, N - m);
    if (2 * L <= N) [L, m, B] = [N + 1 - L, N, before];
  }
  return L;
}

function addShifted(C: readonly number[], B: readonly number[], shift: number): number[] {
  const length = Math.max(C.length, B.length + shift);
  return Array.from({ length }, (_, i) => (C[i] ?? 0) ^ (B[i - shift] ?? 0));
}

/** The partial sums of the bits as -1 and 1. */
export function walkPlain(bits: string): number[] {
  const sums: number[] = [];
  for (const bit of bits) sums.push((sums.at(-1) ?? 0) + (bit === '1' ? 1 : -1));
  return sums;
}

/** The walk cut at its zeros, those included; the rest, if any, is the last cycle. */
export function cyclesPlain(sums: readonly number[]): number[][] {
  const cycles: number[][] = [[]];
  for (const sum of sums) {
    cycles.at(-1)!.push(sum);
    if (sum === 0) cycles.push([]);
  }
  return cycles.filter((cycle) => cycle.length > 0);
}

/** sum log2 of distances to the last occurrence, blocks from number Q + 1 on; never seen: the block's own number. */
export function universalPlain(bits: string, L: number, Q: number): number {
  const blocks = blocksOf(bits, L);
  return blocks.reduce((sum, block, i) => {
    const last = i === 0 ? -1 : blocks.lastIndexOf(block, i - 1);
    return i < Q ? sum : sum + Math.log2(i - last);
  }, 0);
}

/** The whole blocks of M characters. */
export const blocksOf = (bits: string, M: number): string[] =>
  Array.from({ length: Math.floor(bits.length / M) }, (_, i) => bits.slice(i * M, (i + 1) * M));
