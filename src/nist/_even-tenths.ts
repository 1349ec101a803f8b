/**
 * The exact law of chi2 = (10 / m) sum c^2 - m over the counts c of m p-values in 10 even bins, for m up to 100: its tail
 * lies above that of chi-square with 9 degrees of freedom, 2.3 times at 2e-5 for m = 55.
 * Counts are independent Poisson given their sum: a sum over bins, of weights 1 / c!, by total and by sum of squares.
 */
const mostExact = 100;
/** Larger chi2 is left to the chi-square law, which is below 1e-10 there. */
const largestChi2 = 70;

const tails = new Map<number, Float64Array>();

/** P(chi2 >= value); null above 100 p-values and where chi2 is large. */
export function evenTenthsTail(chi2: number, m: number): number | null {
  if (m > mostExact || chi2 > largestChi2) return null;
  const known = tails.get(m) ?? tailsOf(m);
  tails.set(m, known);
  return known[Math.round(((chi2 + m) * m) / 10)]!;
}

/** P(sum of squares >= s) at index s. */
function tailsOf(m: number): Float64Array {
  const most = Math.ceil(((largestChi2 + m) * m) / 10) + 1;
  const weights = Float64Array.from({ length: m + 1 }, (_, c) => 1 / factorial(c));
  let table: readonly Float64Array[] = [Float64Array.of(1)];
  for (let bin = 0; bin < 10; bin++) table = withBin(table, weights, most);
  const scale = factorial(m) / 10 ** m;
  const masses = table[m]!;
  const tail = new Float64Array(most + 1);
  let below = 0;
  for (let s = 0; s <= most; s++) {
    tail[s] = Math.max(0, 1 - below);
    below += scale * (masses[s] ?? 0);
  }
  return tail;
}

/** One bin more: table[total][sum of squares]. */
function withBin(table: readonly Float64Array[], weights: Float64Array, most: number): Float64Array[] {
  const next = Array.from(weights, () => new Float64Array(most + 1));
  table.forEach((sums, total) => {
    sums.forEach((weight, s) => {
      if (weight === 0) return;
      for (let c = 0; total + c < weights.length && s + c * c <= most; c++)
        next[total + c]![s + c * c]! += weight * weights[c]!;
    });
  });
  return next;
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
