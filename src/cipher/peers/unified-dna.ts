/**
 * Reconstruction of [1] (Das, Sanyal 2022, Research Square rs-2244229).
 * Known: the 3D unified chaotic system; the key from the picture; two phases; DNA coding of the samples with a chaotic
 * choice of rules, scrambling of bases, diffusion; reversible base conversion; circular bit rotations horizontally,
 * vertically and diagonally (in a sister paper).
 * Textbook: the unified system with a in [0, 1] (chaos/unified.ts).
 * Chosen: K = SHA-256(picture) xor SHA-256(secret), the first travels with the cipher picture; a of 52 bits, x0 and y0 in
 * +-1, z0 in 10..20, 52 bits each; forward Euler, dt = 0.001; 3000 steps dropped, then a step a sample. Phase 1: |x| 1e4
 * mod 1 shuffles an order that scrambles the bases, each of the four lanes of a byte moved on by a quarter of the samples;
 * C(k) = decode_d(encode_e(B(k) xor C(k-1)) + encode_e(K(k))), K = floor(|y| 1e10), rules e, d from floor(z 1e10); e to d
 * is the base conversion. Phase 2: each row, column and diagonal is a circle of bits, turned by floor(|x| 1e10) mod its
 * length, x counted from the last value back.
 */
import { exact } from '../../chaos/map.ts';
import { unifiedMap } from '../../chaos/unified.ts';
import { bytesOf } from '../../shared/exact.ts';
import { sha256 } from '../../shared/platform.ts';
import { addKey, subtractKey } from './_dna.ts';
import { keyFraction, keyInteger, type Plane, type Samples, sessionPeer, shuffledBy } from './_plane.ts';

interface Secrets {
  readonly order: Int32Array;
  readonly k: Samples;
  /** 8 e + d of each sample. */
  readonly rules: Uint8Array;
  readonly first: number;
  /** floor(|x| 1e10) from the last value back, to turn line number i. */
  turn(i: number, length: number): number;
}

const burnIn = 3000;

function secretsOf({ rows, columns, data, depth }: Plane, key: Uint8Array, pictureHash: Uint8Array): Secrets {
  const own = sha256(key);
  const bits = own.map((byte, i) => byte ^ pictureHash[i]!);
  const fraction = (bit: number): number => keyFraction(bits, bit);
  const state = Float64Array.of(2 * fraction(52) - 1, 2 * fraction(104) - 1, 10 + 10 * fraction(156));
  const step = unifiedMap.step([fraction(0)], exact);
  for (let k = 0; k < burnIn; k++) step(state);
  const n = data.length;
  const [xs, k, rules] = [new Float64Array(Math.max(n, rows + 2 * columns)), data.slice(), new Uint8Array(n)];
  for (let i = 0; i < xs.length; i++) {
    step(state);
    xs[i] = state[0]!;
    k[i] = Math.abs(state[1]!) * 1e10; // stores truncate and are mod 2^depth, 2^8; none beyond the end
    rules[i] = (state[2]! * 1e10) % 64;
  }
  return {
    order: shuffledBy(xs.subarray(0, n).map((x) => (Math.abs(x) * 1e4) % 1)),
    k,
    rules,
    first: keyInteger(bits, 208, depth),
    turn: (i, length) => Math.floor(Math.abs(xs[xs.length - 1 - i]!) * 1e10) % length,
  };
}

/** Where base lane `lane` of sample k comes from. */
const sourceOf = (k: number, lane: number, order: Int32Array): number =>
  order[(k + lane * Math.floor(order.length / 4)) % order.length]!;

function scramble({ data, depth }: Plane, order: Int32Array, back: boolean): void {
  const out = data.slice().fill(0);
  for (let bit = 0; bit < depth; bit += 2)
    for (let k = 0; k < data.length; k++) {
      const source = sourceOf(k, (bit / 2) % 4, order);
      const [from, to] = back ? [k, source] : [source, k];
      out[to]! |= data[from]! & (3 << bit);
    }
  data.set(out);
}

/** A line of samples: the first, the step to the next in rows and columns, and how many. */
interface Circle {
  readonly at: (i: number) => number;
  readonly length: number;
}

/** All rows, then all columns, then all diagonals, which leave by the last column and enter by the first. */
function circlesOf({ rows, columns }: Plane): Circle[] {
  const range = (n: number, of: (i: number) => Circle): Circle[] =>
    Array.from({ length: n }, (_, i) => of(i));
  return [
    ...range(rows, (r) => ({ at: (i) => r * columns + i, length: columns })),
    ...range(columns, (c) => ({ at: (i) => i * columns + c, length: rows })),
    ...range(columns, (c) => ({ at: (i) => i * columns + ((c + i) % columns), length: rows })),
  ];
}

/** Turns the bits of a circle to the left. */
function turnBits(data: Samples, { at, length }: Circle, bits: number, depth: number): void {
  const [whole, part] = [Math.floor(bits / depth), bits % depth];
  const line = Uint32Array.from({ length }, (_, i) => data[at(i)]!);
  for (let i = 0; i < length; i++) {
    const [high, low] = [line[(i + whole) % length]!, line[(i + whole + 1) % length]!];
    data[at(i)] = (high << part) | (low >>> (depth - part)); // a store is mod 2^depth
  }
}

function encrypt(plane: Plane, key: Uint8Array, pictureHash: Uint8Array): Samples {
  const { order, k, rules, first, turn } = secretsOf(plane, key, pictureHash);
  const { data, depth } = plane;
  scramble(plane, order, false);
  let last = first;
  for (let i = 0; i < data.length; i++) {
    last = addKey(data[i]! ^ last, k[i]!, rules[i]!, depth);
    data[i] = last;
  }
  for (const [i, circle] of circlesOf(plane).entries())
    turnBits(data, circle, turn(i, circle.length * depth), depth);
  return data;
}

function decrypt(plane: Plane, key: Uint8Array, pictureHash: Uint8Array): Samples {
  const { order, k, rules, first, turn } = secretsOf(plane, key, pictureHash);
  const { data, depth } = plane;
  for (const [i, circle] of [...circlesOf(plane).entries()].reverse()) {
    const bits = circle.length * depth;
    turnBits(data, circle, bits - turn(i, bits), depth);
  }
  for (let i = data.length - 1; i >= 0; i--)
    data[i] = subtractKey(data[i]!, k[i]!, rules[i]!, depth) ^ (i > 0 ? data[i - 1]! : first);
  scramble(plane, order, true);
  return data;
}

export const unifiedDna = sessionPeer(
  {
    name: 'unified-dna',
    label: 'Das, Sanyal [1]',
    standing: 'reconstruction',
    reference: 'ref1',
    source:
      'Das, Sanyal 2022, Research Square rs-2244229; integrator, key schedule and order of the steps chosen',
    fresh: false,
  },
  { bytes: 32, of: ({ data }) => sha256(bytesOf(data)) },
  encrypt,
  decrypt,
);
