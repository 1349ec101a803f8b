/**
 * Reconstruction of [32] (Nair, S, Muni, Durdu 2024, arXiv:2406.16792).
 * Known: a hyperchaotic 3D map, a 2D memristor map and a convolutional network; a byte is floor(255 X); XOR, addition and
 * subtraction; grey pictures.
 * Textbook: x' = a1 x + a2 y + a3 y^2, y' = b1 - b2 z, z' = c x; memristor x' = k (q^2 - 1) x, q' = q + x.
 * Chosen: a = (-0.3, -3.9, -3.9), b = (0, 1), c = 1, with exponents 0.079, 0.039, -0.031, and k = 1.78, with 0.270 and
 * 0.093 (1 million steps); all |x|, |y|, |z|, |q| stay below 1 there, so that a byte is floor(255 |v|), of 16 bits
 * floor(65535 |v|);
 *   C = (((P xor X) + Y - Z) mod G) xor Q;
 * five starts of 51 bits from the key, 1000 steps dropped. The network is left out: the abstract does not say which step
 * of decryption would invert it.
 */
import { type ChaoticMap, defaultParams, exact } from '../../chaos/map.ts';
import { greyOnly, keyFraction, type Plane, planePeer, type Samples } from './_plane.ts';

const parameter = (name: string, value: number) =>
  ({ name, value, range: [-4, 4], drawn: [value, value] }) as const;

export const nairMap: ChaoticMap = {
  name: 'nair-3d',
  dimension: 3,
  parameters: [
    parameter('a1', -0.3),
    parameter('a2', -3.9),
    parameter('a3', -3.9),
    parameter('b1', 0),
    parameter('b2', 1),
    parameter('c', 1),
  ],
  exponent: 0.08,
  start: [0.5, -0.4, 0.3],
  domain: [
    [0, 1],
    [-1, 0],
    [0, 1],
  ],
  output: 0,
  time: 1,
  stride: 1,
  step(params, f) {
    const [a1, a2, a3, b1, b2, c] = params.map(f) as [number, number, number, number, number, number];
    return (s) => {
      const [x, y, z] = s as unknown as [number, number, number];
      s[0] = f(f(f(a1 * x) + f(a2 * y)) + f(a3 * f(y * y)));
      s[1] = f(b1 - f(b2 * z));
      s[2] = f(c * x);
    };
  },
  jacobian:
    ([a1, a2, a3, , b2, c]) =>
    (s, out) => {
      out.set([a1!, a2! + 2 * a3! * s[1]!, 0, 0, 0, -b2!, c!, 0, 0]);
    },
};

export const memristorMap: ChaoticMap = {
  name: 'memristor',
  dimension: 2,
  parameters: [parameter('k', 1.78)],
  exponent: 0.27,
  start: [0.1, 0.1],
  domain: [
    [-2, 2],
    [-1, 1],
  ],
  output: 1,
  time: 1,
  stride: 1,
  step([given], f) {
    const k = f(given!);
    return (s) => {
      const [x, q] = s as unknown as [number, number];
      s[0] = f(f(k * f(f(q * q) - 1)) * x);
      s[1] = f(q + x);
    };
  },
  jacobian:
    ([k]) =>
    (s, out) => {
      out.set([k! * (s[1]! ** 2 - 1), 2 * k! * s[0]! * s[1]!, 1, 1]);
    },
};

const burnIn = 1000;

/** The bytes of each coordinate. */
interface Streams {
  readonly x: Samples;
  readonly y: Samples;
  readonly z: Samples;
  readonly q: Samples;
}

function streamsOf({ data, depth }: Plane, key: Uint8Array): Streams {
  const between = (bit: number, low: number, high: number): number =>
    low + (high - low) * keyFraction(key, bit, 51);
  const map = orbit(nairMap, [between(0, 0.3, 0.7), -between(51, 0.3, 0.7), between(102, 0.3, 0.7)]);
  const memristor = orbit(memristorMap, [between(153, 0.1, 0.3), between(204, 0.1, 0.3)]);
  const out = { x: data.slice(), y: data.slice(), z: data.slice(), q: data.slice() };
  const scale = 2 ** depth - 1;
  for (let k = 0; k < data.length; k++) {
    const [x, y, z] = map() as unknown as [number, number, number];
    out.x[k] = x * scale; // a store truncates
    out.y[k] = -y * scale;
    out.z[k] = z * scale;
    out.q[k] = Math.abs(memristor()[1]!) * scale;
  }
  return out;
}

/** Each call gives the next state, always the same array. */
function orbit(map: ChaoticMap, start: readonly number[]): () => Float64Array {
  const state = Float64Array.from(start);
  const step = map.step(defaultParams(map), exact);
  const next = (): Float64Array => {
    step(state);
    return state;
  };
  for (let k = 0; k < burnIn; k++) next();
  return next;
}

function encrypt(plane: Plane, key: Uint8Array): Samples {
  const { x, y, z, q } = streamsOf(plane, key);
  const mask = 2 ** plane.depth - 1;
  return plane.data.map((p, k) => (((p ^ x[k]!) + y[k]! - z[k]!) & mask) ^ q[k]!);
}

function decrypt(plane: Plane, key: Uint8Array): Samples {
  const { x, y, z, q } = streamsOf(plane, key);
  const mask = 2 ** plane.depth - 1;
  return plane.data.map((c, k) => (((c ^ q[k]!) - y[k]! + z[k]!) & mask) ^ x[k]!);
}

export const memristor3d = planePeer(
  {
    name: 'memristor-3d',
    label: 'Nair et al. [32]',
    standing: 'reconstruction',
    reference: 'ref32',
    channels: greyOnly,
    source: 'Nair, S, Muni, Durdu 2024, arXiv:2406.16792; parameters and starts chosen, without the network',
  },
  encrypt,
  decrypt,
);
