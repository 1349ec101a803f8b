/**
 * Arnold + DNA + CBC, the structure that most DNA image ciphers have: no single paper, so no paper's figures.
 * Arnold's cat map (generalised) moves samples in squares cut from the raster order, N1^2 + N2^2 + ... and a rest of 0
 * to 3 that stays: (x, y) -> (x + p y, q x + (p q + 1) y) mod N, t times. Then, sample by sample,
 *   C(k) = decode_d(encode_e(P(k) ^ C(k-1)) + encode_e(K(k))),
 * each pair of bits a base by one of the eight rules that keep A-T and C-G complementary, + modulo 4 on A, C, G, T = 0,
 * 1, 2, 3. K and the rules e, d of each sample come from two logistic orbits, r = 3.9999, floor(x 1e14).
 * Key: p, q 16 bits each, t - 1 4 bits, C(-1) 16 bits, two x0 of 52 bits. One pass: a changed sample reaches those after it.
 */
import { logisticOrbit } from '../../chaos/logistic.ts';
import { addKey, subtractKey } from './_dna.ts';
import { blocksOf, keyFraction, keyInteger, type Plane, planePeer, type Samples } from './_plane.ts';

/** Where each sample goes: out[place[k]] = in[k]. */
function placesOf(length: number, p: number, q: number, turns: number): Int32Array {
  const places = Int32Array.from({ length }, (_, k) => k);
  let offset = 0;
  for (const n of blocksOf(length, 2)) {
    fillSquare(places, offset, n, arnoldMatrix(p, q, turns, n));
    offset += n * n;
  }
  return places;
}

type Matrix = readonly [number, number, number, number];

/** [[1, p], [q, p q + 1]]^turns mod n. */
export function arnoldMatrix(p: number, q: number, turns: number, n: number): Matrix {
  const step: Matrix = [1, p % n, q % n, ((p % n) * (q % n) + 1) % n];
  let [a, b, c, d]: Matrix = [1, 0, 0, 1];
  for (let t = 0; t < turns; t++)
    [a, b, c, d] = [
      (a * step[0] + b * step[2]) % n,
      (a * step[1] + b * step[3]) % n,
      (c * step[0] + d * step[2]) % n,
      (c * step[1] + d * step[3]) % n,
    ];
  return [a, b, c, d];
}

function fillSquare(places: Int32Array, offset: number, n: number, [a, b, c, d]: Matrix): void {
  for (let x = 0; x < n; x++)
    for (let y = 0; y < n; y++)
      places[offset + x * n + y] = offset + ((a * x + b * y) % n) * n + ((c * x + d * y) % n);
}

function secretsOf({ data, depth }: Plane, key: Uint8Array) {
  const turns = 1 + keyInteger(key, 32, 4);
  const start = (bit: number): number => (keyInteger(key, bit, 52) + 0.5) / 2 ** 52;
  const [k, r] = [data.slice(), new Uint8Array(data.length)];
  const [keys, choices] = [52, 104].map((bit) => logisticOrbit(3.9999, start(bit), data.length));
  for (let n = 0; n < k.length; n++) {
    k[n] = keys![n]! * 1e14; // stores truncate and are mod 2^depth, 2^8
    r[n] = (choices![n]! * 1e14) % 64;
  }
  const first = Math.floor(keyFraction(key, 36, 16) * 2 ** depth);
  return {
    places: placesOf(data.length, keyInteger(key, 0, 16), keyInteger(key, 16, 16), turns),
    k,
    r,
    first,
  };
}

function encrypt(plane: Plane, key: Uint8Array): Samples {
  const { places, k, r, first } = secretsOf(plane, key);
  const out = plane.data.slice();
  for (let n = 0; n < out.length; n++) out[places[n]!] = plane.data[n]!;
  let last = first;
  for (let n = 0; n < out.length; n++) {
    last = addKey(out[n]! ^ last, k[n]!, r[n]!, plane.depth);
    out[n] = last;
  }
  return out;
}

function decrypt(plane: Plane, key: Uint8Array): Samples {
  const { places, k, r, first } = secretsOf(plane, key);
  const { data, depth } = plane;
  const out = data.slice();
  for (let n = 0; n < out.length; n++)
    out[n] = subtractKey(data[n]!, k[n]!, r[n]!, depth) ^ (n > 0 ? data[n - 1]! : first);
  return out.map((_, n) => out[places[n]!]!);
}

export const arnoldDnaCbc = planePeer(
  {
    name: 'arnold-dna-cbc',
    label: 'Arnold + DNA + CBC',
    standing: 'reconstruction',
    source: 'the common structure of DNA image ciphers; no single paper',
  },
  encrypt,
  decrypt,
);
