/**
 * 2D logistic-adjusted-sine map of Hua and Zhou (2016, Information Sciences 339:237), from its equations:
 *   x' = sin(pi mu (y+3) x (1-x)), y' = sin(pi mu (x'+3) y (1-y)); S = floor((x+y) 2^30) mod G;
 * each row, then each column is sorted by the word S | index; C = P xor C_prev xor S in raster order; two rounds.
 * A 232-bit key: x0, y0, mu, H of 52 bits, G1, G2 of 12; round i starts from x0 + G_i H, y0 + G_i H mod 1 and
 * mu = 0.5 + (mu + G_i H) mod 0.4. Our reading: C_prev = 0 at the start of a round, the start not among the values.
 * The random border that the authors' demonstration draws at every call is left out: it is no part of the map, it makes
 * the cipher larger than the image, and it alone makes two ciphers of one image differ.
 * For one key all steps are affine over xor: E(a) ^ E(b) ^ E(c) = E(a ^ b ^ c).
 */
import { lasmOrbit } from '../../chaos/lasm.ts';
import { keyFraction, keyInteger, type Plane, planePeer, type Samples } from './_plane.ts';

/** Where the samples of one round come from, and its keystream. */
interface Round {
  readonly source: Int32Array;
  readonly s: Samples;
}

function roundsOf(plane: Plane, key: Uint8Array): Round[] {
  const [x0, y0, mu, h] = [0, 52, 104, 156].map((bit) => keyFraction(key, bit)) as [
    number,
    number,
    number,
    number,
  ];
  return [208, 220].map((bit) => {
    const shift = keyInteger(key, bit, 12) * h;
    const { x, y } = lasmOrbit(
      0.5 + ((mu + shift) % 0.4),
      [(x0 + shift) % 1, (y0 + shift) % 1],
      plane.data.length,
    );
    const s = plane.data.slice();
    for (let k = 0; k < s.length; k++) s[k] = Math.floor((x[k]! + y[k]!) * 2 ** 30); // mod 2^depth
    return { source: sourceOf(plane, s), s };
  });
}

/** out[k] = in[source[k]]: rows sorted by S, then columns by the S that lies there. */
function sourceOf({ rows, columns }: Plane, s: Samples): Int32Array {
  const byRow = new Int32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const order = sortedBy(s.subarray(i * columns, (i + 1) * columns));
    for (let j = 0; j < columns; j++) byRow[i * columns + j] = i * columns + order[j]!;
  }
  const source = new Int32Array(rows * columns);
  const words = s.slice(0, rows);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) words[i] = s[i * columns + j]!;
    const order = sortedBy(words);
    for (let i = 0; i < rows; i++) source[i * columns + j] = byRow[order[i]! * columns + j]!;
  }
  return source;
}

/** Positions in the order of the words S | index. */
function sortedBy(s: Samples): Float64Array {
  const words = Float64Array.from(s, (value, k) => value * 2 ** 32 + k).sort();
  return words.map((word) => word % 2 ** 32);
}

function encrypt(plane: Plane, key: Uint8Array): Samples {
  let samples = plane.data;
  for (const { source, s } of roundsOf(plane, key)) {
    const out = samples.slice();
    let last = 0;
    for (let k = 0; k < out.length; k++) {
      last ^= samples[source[k]!]! ^ s[k]!;
      out[k] = last;
    }
    samples = out;
  }
  return samples;
}

function decrypt(plane: Plane, key: Uint8Array): Samples {
  let samples = plane.data;
  for (const { source, s } of roundsOf(plane, key).reverse()) {
    const out = samples.slice();
    for (let k = 0; k < out.length; k++)
      out[source[k]!] = samples[k]! ^ s[k]! ^ (k > 0 ? samples[k - 1]! : 0);
    samples = out;
  }
  return samples;
}

export const lasm = planePeer(
  {
    name: '2d-lasm',
    label: '2D-LASM',
    standing: 'published',
    source: 'Hua, Zhou 2016, Information Sciences 339:237; from the equations, without the random border',
  },
  encrypt,
  decrypt,
);
