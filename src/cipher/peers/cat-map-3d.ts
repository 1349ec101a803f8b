/**
 * 3D cat map of Chen, Mao and Chui (2004, Chaos, Solitons and Fractals 21:749): the samples in raster order are cut
 * into cubes, N1^3 + N2^3 + ... and a rest of 0 to 7 that stays; in each cube (x, y, z) moves to A (x, y, z) mod N,
 *   A = [[1+ax az by, az, ay+ax az+ax ay az by],
 *        [bz+ax by+ax az by bz, az bz+1, ay bz+ax ay az by bz+ax az bz+ax ay by+ax],
 *        [ax bx by+by, bx, ax ay bx by+ax bx+ay by+1]],   determinant 1;
 * then C(k) = phi(k) xor ((I(k) + phi(k)) mod G) xor C(k-1), G grey levels, phi from x' = 4 x (1-x).
 * Our reading, where the equations are silent: the largest cubes first, phi = floor(x 1e14) mod G, two rounds, and the
 * six parameters from the key itself (the paper draws them from Chen's system): 6 x 16 bits, x0 52 bits, C(-1).
 */
import { blocksOf, keyFraction, keyInteger, type Plane, planePeer, type Samples } from './_plane.ts';

export type CatParameters = readonly [ax: number, bx: number, ay: number, by: number, az: number, bz: number];
type Matrix = readonly (readonly [number, number, number])[];

const rounds = 2;

/** A modulo n; entries stay below n^5 in between, exact in a double up to n = 1290. */
export function catMatrix(parameters: CatParameters, n: number): Matrix {
  const [ax, bx, ay, by, az, bz] = parameters.map((p) => p % n) as unknown as CatParameters;
  const rows = [
    [1 + ax * az * by, az, ay + ax * az + ax * ay * az * by],
    [
      bz + ax * by + ax * az * by * bz,
      az * bz + 1,
      ay * bz + ax * ay * az * by * bz + ax * az * bz + ax * ay * by + ax,
    ],
    [ax * bx * by + by, bx, ax * ay * bx * by + ax * bx + ay * by + 1],
  ] as const;
  return rows.map(([a, b, c]) => [a % n, b % n, c % n]);
}

/** Where each sample goes: out[place[k]] = in[k]. */
function placesOf(length: number, parameters: CatParameters): Int32Array {
  const places = Int32Array.from({ length }, (_, k) => k);
  let offset = 0;
  for (const n of blocksOf(length, 3)) {
    fillCube(places, offset, n, catMatrix(parameters, n));
    offset += n ** 3;
  }
  return places;
}

function fillCube(places: Int32Array, offset: number, n: number, [u, v, w]: Matrix): void {
  let k = offset;
  for (let x = 0; x < n; x++)
    for (let y = 0; y < n; y++)
      for (let z = 0; z < n; z++) {
        const i = (u![0] * x + u![1] * y + u![2] * z) % n;
        const j = (v![0] * x + v![1] * y + v![2] * z) % n;
        const l = (w![0] * x + w![1] * y + w![2] * z) % n;
        places[k++] = offset + (i * n + j) * n + l;
      }
}

function secretsOf({ data, depth }: Plane, key: Uint8Array) {
  const parameters = [0, 16, 32, 48, 64, 80].map((bit) =>
    keyInteger(key, bit, 16),
  ) as unknown as CatParameters;
  const first = keyInteger(key, 148, depth);
  return { places: placesOf(data.length, parameters), phi: keystream(keyFraction(key, 96), data), first };
}

function keystream(x0: number, like: Samples): Samples {
  const phi = like.slice();
  let x = x0;
  for (let k = 0; k < phi.length; k++) {
    x = 4 * x * (1 - x);
    phi[k] = x * 1e14; // a store truncates and is mod 2^depth
  }
  return phi;
}

function encrypt(plane: Plane, key: Uint8Array): Samples {
  const { places, phi, first } = secretsOf(plane, key);
  const mask = 2 ** plane.depth - 1;
  let samples = plane.data;
  for (let round = 0; round < rounds; round++) {
    const out = samples.slice();
    for (let k = 0; k < out.length; k++) out[places[k]!] = samples[k]!;
    let last = first;
    for (let k = 0; k < out.length; k++) {
      last = phi[k]! ^ ((out[k]! + phi[k]!) & mask) ^ last;
      out[k] = last;
    }
    samples = out;
  }
  return samples;
}

function decrypt(plane: Plane, key: Uint8Array): Samples {
  const { places, phi, first } = secretsOf(plane, key);
  let samples = plane.data;
  for (let round = 0; round < rounds; round++) {
    const out = samples.slice();
    for (let k = 0; k < out.length; k++)
      out[k] = (samples[k]! ^ phi[k]! ^ (k > 0 ? samples[k - 1]! : first)) - phi[k]!;
    samples = out.map((_, k) => out[places[k]!]!);
  }
  return samples;
}

export const catMap3d = planePeer(
  {
    name: 'cat-map-3d',
    label: '3D cat map',
    standing: 'published',
    reference: 'ref39',
    source: 'Chen, Mao, Chui 2004, Chaos, Solitons and Fractals 21:749; two rounds, parameters from the key',
  },
  encrypt,
  decrypt,
);
