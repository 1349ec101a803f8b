/**
 * Reconstruction of [13] (Luo, Ouyang, Liu, Cao 2019, IEEE Access 7:38507).
 * Known: SHA-512 of the picture gives the initial values; crossover permutation by a chaotic index sequence; embedding
 * into an elliptic curve, EC-ElGamal; diffusion by a chaos game and DNA; key space 2^564; 1.1708 s and 4.7339 s at 256x256
 * and 512x512.
 * Textbook: the logistic-tent and tent-sine systems (chaos/lts.ts, chaos/tss.ts); Barnsley's chaos game, each base moving a
 * point of the unit square half-way to its corner, A (0,0), C (0,1), G (1,1), T (1,0).
 * Chosen: K = SHA-512(picture) xor SHA-512(secret), the first travels with the cipher picture; x0 of 52 bits and r of 48
 * of each map, r in 3..4 and 2.5..3.9; crossover: with I an order shuffled by an LTS orbit, samples I(k) and I(N-1-k)
 * change places; then C(k) = decode_d(encode_e(P(k) xor G(k)) + encode_e(K(k))), K and the rules from floor(x 1e14) of a
 * TSS value, G the game's point after C(k-1), floor(2^depth u) xor floor(2^depth v). One pass. EC-ElGamal is left out: a
 * key would pass it and not the samples; the secret is that key, and it is not timed.
 */
import { ltsMap } from '../../chaos/lts.ts';
import { mapOrbit } from '../../chaos/map.ts';
import { tssMap } from '../../chaos/tss.ts';
import { bytesOf } from '../../shared/exact.ts';
import { sha512 } from '../../shared/platform.ts';
import { addKey, subtractKey } from './_dna.ts';
import { keyFraction, type Plane, type Samples, sessionPeer, shuffledBy } from './_plane.ts';

interface Secrets {
  /** The order of the index sequence. */
  readonly index: Int32Array;
  readonly k: Samples;
  /** 8 e + d of each sample. */
  readonly rules: Uint8Array;
  /** Where the game starts. */
  readonly point: readonly [number, number];
}

function secretsOf({ data }: Plane, key: Uint8Array, pictureHash: Uint8Array): Secrets {
  const own = sha512(key);
  const bits = own.map((byte, i) => byte ^ pictureHash[i]!);
  const n = data.length;
  const start = (bit: number) => [(keyFraction(bits, bit) + 2 ** -54) % 1];
  const r = (bit: number, low: number, high: number) => [low + (high - low) * keyFraction(bits, bit, 48)];
  const order = mapOrbit(ltsMap, n, { params: r(52, 3, 4), start: start(0), burnIn });
  const keys = mapOrbit(tssMap, n, { params: r(152, 2.5, 3.9), start: start(100), burnIn });
  const [k, rules] = [data.slice(), new Uint8Array(n)];
  for (let i = 0; i < n; i++) {
    const value = Math.floor(keys[i]! * 1e14);
    k[i] = value; // a store is mod 2^depth
    rules[i] = Math.floor(value / 65536) % 64;
  }
  const point = [keyFraction(bits, 200), keyFraction(bits, 252)] as const;
  return { index: shuffledBy(order), k, rules, point };
}

const burnIn = 1000;

/** Its own inverse. */
function crossOver(data: Samples, index: Int32Array): void {
  for (let a = 0, b = data.length - 1; a < b; a++, b--) {
    const [one, other] = [index[a]!, index[b]!];
    [data[one], data[other]] = [data[other]!, data[one]!];
  }
}

/** The corner of a base, by its two bits: 00 A, 01 C, 10 G, 11 T. */
const corners = [
  [0, 0],
  [0, 1],
  [1, 1],
  [1, 0],
] as const;

/** The point, as samples of G; `move` plays the bases of a cipher sample, the highest first. */
function gameFrom([u0, v0]: readonly [number, number], depth: number) {
  let [u, v] = [u0, v0];
  const scale = 2 ** depth;
  return {
    sample: (): number => Math.floor(scale * u) ^ Math.floor(scale * v),
    move(sample: number): void {
      for (let bit = depth - 2; bit >= 0; bit -= 2) {
        const [cu, cv] = corners[(sample >> bit) & 3]!;
        u = (u + cu) / 2;
        v = (v + cv) / 2;
      }
      if (u >= 1) u = 0.5; // rounded up to the corner itself
      if (v >= 1) v = 0.5;
    },
  };
}

function encrypt(plane: Plane, key: Uint8Array, pictureHash: Uint8Array): Samples {
  const { index, k, rules, point } = secretsOf(plane, key, pictureHash);
  const { data, depth } = plane;
  crossOver(data, index);
  const game = gameFrom(point, depth);
  for (let i = 0; i < data.length; i++) {
    data[i] = addKey(data[i]! ^ game.sample(), k[i]!, rules[i]!, depth);
    game.move(data[i]!);
  }
  return data;
}

function decrypt(plane: Plane, key: Uint8Array, pictureHash: Uint8Array): Samples {
  const { index, k, rules, point } = secretsOf(plane, key, pictureHash);
  const { data, depth } = plane;
  const game = gameFrom(point, depth);
  for (let i = 0; i < data.length; i++) {
    const cipher = data[i]!;
    data[i] = subtractKey(cipher, k[i]!, rules[i]!, depth) ^ game.sample();
    game.move(cipher);
  }
  crossOver(data, index);
  return data;
}

export const ltsTssDna = sessionPeer(
  {
    name: 'lts-tss-dna',
    label: 'Luo et al. [13]',
    standing: 'reconstruction',
    reference: 'ref13',
    source:
      'Luo, Ouyang, Liu, Cao 2019, IEEE Access 7:38507; crossover, chaos game and DNA steps chosen, without EC-ElGamal',
    fresh: false,
  },
  { bytes: 64, of: ({ data }) => sha512(bytesOf(data)) },
  encrypt,
  decrypt,
);
