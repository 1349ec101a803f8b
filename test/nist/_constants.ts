/** The first bits of e, pi, sqrt 2 and sqrt 3, integer part included, computed with BigInt. */
import { type Bits, bitsFromBytes } from '../../src/nist/index.ts';

export type Constant = 'e' | 'pi' | 'sqrt2' | 'sqrt3';

/** @param n a multiple of 8 */
export function constantBits(name: Constant, n: number): Bits {
  const digits = floorScaled[name](n).toString(16);
  return bitsFromBytes(Buffer.from(digits, 'hex'), 0, n);
}

/** Each value lies in [1, 4); this many bits in all: 1 or 2 before the point. */
const floorScaled: Record<Constant, (n: number) => bigint> = {
  e: (n) => scaledE(n - 2),
  pi: (n) => scaledPi(n - 2),
  sqrt2: (n) => squareRoot(2n << BigInt(2 * (n - 1))),
  sqrt3: (n) => squareRoot(3n << BigInt(2 * (n - 1))),
};

const guard = 64;

/** sum 1/k! = 1 + P/Q by binary splitting: halves (a, b], P = Pl Qr + Pr, Q = Ql Qr. */
function scaledE(bits: number): bigint {
  let terms = 10;
  for (let log = 0; log < bits + guard; terms++) log += Math.log2(terms);
  const split = (a: number, b: number): [bigint, bigint] => {
    if (b - a === 1) return [1n, BigInt(b)];
    const middle = (a + b) >> 1;
    const [pl, ql] = split(a, middle);
    const [pr, qr] = split(middle, b);
    return [pl * qr + pr, ql * qr];
  };
  const [p, q] = split(0, terms);
  return ((p + q) << BigInt(bits)) / q;
}

/** Chudnovsky and Chudnovsky 1988: 47 bits a term, binary splitting. */
function scaledPi(bits: number): bigint {
  const c3 = 640320n ** 3n / 24n;
  const split = (a: number, b: number): [bigint, bigint, bigint] => {
    if (b - a === 1) {
      const k = BigInt(a);
      const p = a === 0 ? 1n : (6n * k - 5n) * (2n * k - 1n) * (6n * k - 1n);
      const q = a === 0 ? 1n : k * k * k * c3;
      const t = p * (13591409n + 545140134n * k);
      return [p, q, a % 2 === 1 ? -t : t];
    }
    const middle = (a + b) >> 1;
    const [pl, ql, tl] = split(a, middle);
    const [pr, qr, tr] = split(middle, b);
    return [pl * pr, ql * qr, tl * qr + pl * tr];
  };
  const [, q, t] = split(0, Math.ceil((bits + guard) / 47) + 1);
  const root = squareRoot(10005n << BigInt(2 * (bits + guard)));
  return ((426880n * q * root) / t) >> BigInt(guard);
}

/** floor of the square root: the top half first, then one Newton step (Zimmermann 1999). */
function squareRoot(v: bigint): bigint {
  const length = BigInt(v.toString(16).length * 4);
  if (length <= 100n) return smallRoot(v);
  const quarter = length / 4n;
  const top = squareRoot(v >> (2n * quarter)) << quarter;
  let root = (top + v / top) >> 1n;
  while (root * root > v) root--;
  while ((root + 1n) * (root + 1n) <= v) root++;
  return root;
}

function smallRoot(v: bigint): bigint {
  let root = BigInt(Math.floor(Math.sqrt(Number(v))));
  while (root * root > v) root--;
  while ((root + 1n) * (root + 1n) <= v) root++;
  return root;
}
