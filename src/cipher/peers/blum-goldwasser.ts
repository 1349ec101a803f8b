/**
 * Reconstruction of [19] (Ningthoukhongjam, Devi Heisnam, Singh Khumanthem 2024, IEEE Access 12:73879).
 * Known: elliptic curves, Blum-Goldwasser and chaos; 0.142 s; key space 2^1024.
 * Textbook (Blum, Goldwasser 1984): n = p q, p = q = 3 mod 4; x(i) = x(i-1)^2 mod n from a random square x(0); the low
 * h = floor(log2 log2 n) bits of each x(i) are XORed to the text; x(t+1) is sent along. The holder of p and q finds x(0)
 * from it by the exponents ((p+1)/4)^(t+1) mod p-1 and ((q+1)/4)^(t+1) mod q-1.
 * Chosen: n of 1024 bits, so h = 9; grey pictures, since a squaring for 9 bits is slow; p, q from SHA-256(secret, a name),
 * and from them the order of the samples: a logistic orbit, r = 3.9999, shuffles them. One secret stands for both halves
 * of the key pair; the elliptic curve is left out. p and q are made once for a secret, and a warm run does not time them.
 */
import { checkPrimeSync, createHash, randomBytes } from 'node:crypto';
import { logisticOrbit } from '../../chaos/logistic.ts';
import { shapeOf } from '../keys.ts';
import {
  checkExtra,
  greyOnly,
  keyFraction,
  type Plane,
  planeOf,
  type Samples,
  secretPeer,
  shuffledBy,
} from './_plane.ts';

const primeBytes = 64;
const modulusBytes = 2 * primeBytes;
const bitsEach = 9;

interface Pair {
  readonly p: bigint;
  readonly q: bigint;
}

const integerOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const bytesOfInteger = (value: bigint): Buffer =>
  Buffer.from(value.toString(16).padStart(2 * modulusBytes, '0'), 'hex');

/** The first prime of 512 bits, 3 mod 4, that follows from the secret and a name. */
function primeOf(secret: Uint8Array, name: string): bigint {
  const half = (part: string) => createHash('sha256').update(secret).update(`${name} ${part}`).digest();
  const bytes = Buffer.concat([half('high'), half('low')]);
  bytes[0]! |= 0xc0; // so that p q has all 1024 bits
  bytes[primeBytes - 1]! |= 3;
  for (let candidate = integerOf(bytes); ; candidate += 4n)
    if (noSmallFactor(candidate) && checkPrimeSync(candidate)) return candidate;
}

const smallPrimes = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41] as const;
const theirProduct = BigInt(smallPrimes.reduce<number>((product, prime) => product * prime, 1));

/** 70 % of the candidates end here, a hundred times as fast. */
function noSmallFactor(candidate: bigint): boolean {
  const rest = Number(candidate % theirProduct);
  return smallPrimes.every((prime) => rest % prime !== 0);
}

/** Of the secrets met last: a key pair is made once and used often. */
const pairs = new Map<string, Pair>();
const remembered = 16;

function pairOf(secret: Uint8Array): Pair {
  const name = Buffer.from(secret).toString('hex');
  const pair = pairs.get(name) ?? { p: primeOf(secret, 'p'), q: primeOf(secret, 'q') };
  pairs.delete(name);
  pairs.set(name, pair);
  for (const oldest of pairs.keys()) if (pairs.size > remembered) pairs.delete(oldest);
  return pair;
}

const turnsOf = ({ data }: Plane): number => Math.ceil((8 * data.byteLength) / bitsEach);

/** XORs the samples' bytes, in place, with the low bits of the squares behind x0. @returns x(t+1) */
function xorSquares(plane: Plane, x0: bigint, n: bigint): bigint {
  const { buffer, byteOffset, byteLength } = plane.data;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  let [x, pool, bits, at] = [x0, 0, 0, 0];
  for (let turn = turnsOf(plane); turn > 0; turn--) {
    x = (x * x) % n;
    pool = (pool << bitsEach) | Number(x & 511n);
    bits += bitsEach;
    for (; bits >= 8 && at < bytes.length; bits -= 8) bytes[at++]! ^= pool >>> (bits - 8); // a store is mod 256
    pool &= 0xff;
  }
  return (x * x) % n;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let [b, e] = [base % modulus, exponent]; e > 0n; e >>= 1n, b = (b * b) % modulus)
    if (e & 1n) result = (result * b) % modulus;
  return result;
}

/** x(0), by the square roots modulo p and q, taken t+1 times at once. */
function rootOf(last: bigint, times: number, { p, q }: Pair): bigint {
  const root = (prime: bigint): bigint =>
    power(last, power((prime + 1n) / 4n, BigInt(times), prime - 1n), prime);
  const [atP, atQ] = [root(p), root(q)];
  const inverse = power(q, p - 2n, p);
  return atQ + q * (((((atP - atQ) * inverse) % p) + p) % p);
}

function orderOf({ data }: Plane, { p, q }: Pair): Int32Array {
  const bits = createHash('sha256')
    .update(bytesOfInteger(p * q))
    .update(bytesOfInteger(p))
    .digest();
  return shuffledBy(logisticOrbit(3.9999, keyFraction(bits, 0) * 0.9 + 0.05, data.length));
}

function encrypt(plane: Plane, secret: Uint8Array): { data: Samples; extra: Uint8Array } {
  const pair = pairOf(secret);
  const n = pair.p * pair.q;
  const order = orderOf(plane, pair);
  const data = plane.data.map((_, k) => plane.data[order[k]!]!);
  const seed = integerOf(randomBytes(modulusBytes)) % n;
  const last = xorSquares({ ...plane, data }, (seed * seed) % n, n);
  return { data, extra: bytesOfInteger(last) };
}

function decrypt(plane: Plane, secret: Uint8Array, extra: Uint8Array): Samples {
  const pair = pairOf(secret);
  const x0 = rootOf(integerOf(extra), turnsOf(plane) + 1, pair);
  xorSquares(plane, x0, pair.p * pair.q);
  const out = plane.data.slice();
  for (const [k, from] of orderOf(plane, pair).entries()) out[from] = plane.data[k]!;
  return out;
}

export const blumGoldwasser = secretPeer(
  {
    name: 'blum-goldwasser',
    label: 'Ningthoukhongjam et al. [19]',
    standing: 'reconstruction',
    reference: 'ref19',
    channels: greyOnly,
    source:
      'Ningthoukhongjam, Devi Heisnam, Singh Khumanthem 2024, IEEE Access 12:73879; map and modulus chosen, without the elliptic curve',
    fresh: true,
  },
  (plain, secret) => {
    const { data, extra } = encrypt(planeOf(plain), secret);
    return { cipher: { ...shapeOf(plain), data }, extra };
  },
  (cipher, { secret, extra }) => {
    checkExtra(extra, modulusBytes);
    return { ...shapeOf(cipher), data: decrypt(planeOf(cipher), secret, extra) };
  },
);
