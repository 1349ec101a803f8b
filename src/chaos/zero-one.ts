/**
 * 0-1 test for chaos (Gottwald and Melbourne 2009, SIAM J. Appl. Dyn. Syst. 8:129), the correlation form:
 *   p(n) = sum phi(j) cos(j c),  q(n) = sum phi(j) sin(j c),  j = 1..n,
 *   M(n) = mean over j of (p(j+n) - p(j))^2 + (q(j+n) - q(j))^2,  n = 1..N/10,
 *   D(n) = M(n) - E[phi]^2 (1 - cos n c) / (1 - cos c),  K_c = correlation of n and D(n),
 * K the median of K_c over random c in (pi/5, 4 pi/5), which avoids resonances. K near 1: chaos; near 0: regular.
 * A flow must be sampled sparsely (ChaoticMap.stride): oversampled chaos gives 0.
 */
import { InputError } from '../shared/errors.ts';
import type { Random } from '../shared/random.ts';

/** Values of c whose median counts. */
const frequencies = 100;
const fewest = 100;

/**
 * K of a time series of N values, best 1000 to 5000; N^2/10 terms for each of 100 c: 0.2 s at N = 2000.
 * @throws InputError for fewer than 100 values
 */
export function zeroOneTest(series: Float64Array, random: Random): number {
  if (series.length < fewest)
    throw new InputError(`"series" expected at least ${fewest} values, got ${series.length}; take more`);
  const all = Float64Array.from({ length: frequencies }, () =>
    growth(series, (Math.PI / 5) * (1 + 3 * random.next())),
  ).sort();
  return (all[frequencies / 2 - 1]! + all[frequencies / 2]!) / 2;
}

/** K_c. */
function growth(series: Float64Array, c: number): number {
  const cut = Math.floor(series.length / 10);
  const [p, q] = translation(series, c);
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
  const swing = mean ** 2 / (1 - Math.cos(c));
  const last = series.length - cut;
  const displacement = Float64Array.from({ length: cut }, (_, k) => {
    const n = k + 1;
    let sum = 0;
    for (let j = 0; j < last; j++) sum += (p[j + n]! - p[j]!) ** 2 + (q[j + n]! - q[j]!) ** 2;
    return sum / last - swing * (1 - Math.cos(n * c));
  });
  return correlationWithIndex(displacement);
}

function translation(series: Float64Array, c: number): [Float64Array, Float64Array] {
  const [p, q] = [new Float64Array(series.length), new Float64Array(series.length)];
  let [x, y] = [0, 0];
  for (let j = 0; j < series.length; j++) {
    x += series[j]! * Math.cos((j + 1) * c);
    y += series[j]! * Math.sin((j + 1) * c);
    p[j] = x;
    q[j] = y;
  }
  return [p, q];
}

/** Pearson's r of the values and 1, 2, 3, ...; 0 for constant values. */
function correlationWithIndex(values: Float64Array): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [xx, xy, yy] = [0, 0, 0];
  values.forEach((value, i) => {
    xx += (i - middle) ** 2;
    xy += (i - middle) * (value - mean);
    yy += (value - mean) ** 2;
  });
  return yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}
