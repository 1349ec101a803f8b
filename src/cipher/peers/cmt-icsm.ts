/**
 * CMT-ICSM (github.com/Rhyme0730/Chaotic-image-encryption-algorithm, 2023): the chaotic magic transform of Hua, Zhou,
 * Pun and Chen (2015, Information Sciences 297:80) with the map
 *   x' = cos(2^(k + 1 - 5 cos y - 5 cos x)), y' = cos(2^(k + x' + 0.3)),  k in [12, 16);  S = x + y, column by column.
 * A round: the columns of S are sorted, r(m, n) the row of the m-th smallest of column n; the sample at (r(m, q), q)
 * moves to (r(m, n), n), q = n + m + 1 mod columns. Then T(m, n) = P + S' + T(m, n-1), the first of a row with the row's
 * last P, and C(m, n) = T + S' + C(m-1, n), the first of a column with the column's last T; S' = floor(S 2^32), all
 * modulo G. Three rounds. The 256-bit key: x0, y0, a0, H of 52 bits and three t of 16; a round starts from
 * x0 + t H and y0 + t H mod 1 with k = 12 + (a0 + t H) mod 4.
 * Grey pictures only, as published: with RGB laid out as rows of W * C columns a changed sample reaches 92 to 97 % of the
 * samples, of a grey picture 99.6 %.
 * Our reading: in a single row or column the first sample has no other to wrap around to, and gets none (with itself it
 * would be doubled, which loses a bit). For one key all steps are affine over addition: E(a) - E(b) + E(c) = E(a - b + c).
 */
import { sortIndex } from '../permute.ts';
import { greyOnly, keyFraction, keyInteger, type Plane, planePeer, type Samples } from './_plane.ts';

interface Round {
  /** out[k] = in[source[k]]. */
  readonly source: Int32Array;
  /** S', as samples. */
  readonly s: Samples;
}

function roundsOf(plane: Plane, key: Uint8Array): Round[] {
  const [x0, y0, a0, h] = [0, 52, 104, 156].map((bit) => keyFraction(key, bit)) as [
    number,
    number,
    number,
    number,
  ];
  return [208, 224, 240].map((bit) => {
    const shift = keyInteger(key, bit, 16) * h;
    const columns = icsm((x0 + shift) % 1, (y0 + shift) % 1, 12 + ((a0 + shift) % 4), plane);
    return roundOf(plane, columns);
  });
}

/** S, a column after the other. */
function icsm(x0: number, y0: number, k: number, { data }: Plane): Float64Array {
  const s = new Float64Array(data.length);
  let [x, y] = [x0, y0];
  for (let n = 0; n < s.length; n++) {
    x = Math.cos(2 ** (k + (1 - 5 * Math.cos(y) - 5 * Math.cos(x))));
    y = Math.cos(2 ** (k + x + 0.3));
    s[n] = x + y;
  }
  return s;
}

function roundOf({ rows, columns, data }: Plane, byColumn: Float64Array): Round {
  const ranks = Array.from({ length: columns }, (_, n) =>
    sortIndex(byColumn.subarray(n * rows, (n + 1) * rows), 'ascending'),
  );
  const source = new Int32Array(data.length);
  const s = data.slice();
  for (let m = 0; m < rows; m++)
    for (let n = 0; n < columns; n++) {
      const q = (n + m + 1) % columns;
      source[ranks[n]![m]! * columns + n] = ranks[q]![m]! * columns + q;
      s[m * columns + n] = Math.floor(byColumn[n * rows + m]! * 2 ** 32); // a store is mod 2^depth
    }
  return { source, s };
}

/** In place; stores are mod 2^depth. */
function substitute(t: Samples, s: Samples, rows: number, columns: number): void {
  for (let m = 0; m < rows; m++) {
    const at = m * columns;
    if (columns > 1) t[at]! += t[at + columns - 1]!;
    t[at]! += s[at]!;
    for (let k = at + 1; k < at + columns; k++) t[k]! += s[k]! + t[k - 1]!;
  }
  const last = (rows - 1) * columns;
  if (rows > 1) for (let n = 0; n < columns; n++) t[n]! += t[last + n]!;
  for (let n = 0; n < columns; n++) t[n]! += s[n]!;
  for (let k = columns; k < t.length; k++) t[k]! += s[k]! + t[k - columns]!;
}

function unsubstitute(t: Samples, s: Samples, rows: number, columns: number): void {
  for (let k = t.length - 1; k >= columns; k--) t[k]! -= s[k]! + t[k - columns]!;
  const last = (rows - 1) * columns;
  for (let n = 0; n < columns; n++) t[n]! -= s[n]! + (rows > 1 ? t[last + n]! : 0);
  for (let m = 0; m < rows; m++) {
    const at = m * columns;
    for (let k = at + columns - 1; k > at; k--) t[k]! -= s[k]! + t[k - 1]!;
    t[at]! -= s[at]! + (columns > 1 ? t[at + columns - 1]! : 0);
  }
}

function encrypt(plane: Plane, key: Uint8Array): Samples {
  let samples = plane.data;
  for (const { source, s } of roundsOf(plane, key)) {
    const out = samples.slice();
    for (let k = 0; k < out.length; k++) out[k] = samples[source[k]!]!;
    substitute(out, s, plane.rows, plane.columns);
    samples = out;
  }
  return samples;
}

function decrypt(plane: Plane, key: Uint8Array): Samples {
  let samples = plane.data;
  for (const { source, s } of roundsOf(plane, key).reverse()) {
    unsubstitute(samples, s, plane.rows, plane.columns);
    const out = samples.slice();
    for (let k = 0; k < out.length; k++) out[source[k]!] = samples[k]!;
    samples = out;
  }
  return samples;
}

export const cmtIcsm = planePeer(
  {
    name: 'cmt-icsm',
    label: 'CMT-ICSM',
    standing: 'published',
    channels: greyOnly,
    source:
      'Rhyme0730/Chaotic-image-encryption-algorithm, 2023, after Hua et al. 2015, Information Sciences 297:80',
  },
  encrypt,
  decrypt,
);
