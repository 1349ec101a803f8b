/**
 * The one seeded generator. Streams are derived by name, `stream(seed, 'shuffle', epoch)`, so adding a
 * stream never shifts another, and a resumed run draws the same values as an uninterrupted one.
 * Never for keys or nonces: those come from the system's generator.
 */
import { sha256 } from './platform.ts';

export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  next(): number;
  /** Uniform integer in [0, n), n <= 2^32. */
  int(n: number): number;
  /** Standard normal (Box and Muller 1958). */
  normal(): number;
}

/** A stream that depends on the seed and the names only. */
export function stream(seed: number, ...names: (string | number)[]): Random {
  const { buffer, byteOffset } = sha256(JSON.stringify([seed, ...names]));
  const digest = new DataView(buffer, byteOffset);
  return xoshiro128ss(Uint32Array.from([0, 4, 8, 12], (at) => digest.getUint32(at, true)));
}

/** A random order of 0..n-1 (Fisher and Yates, Durstenfeld's form). */
export function permutation(n: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.int(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}

const rotl = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** xoshiro128** 1.1 (Blackman and Vigna 2018, prng.di.unimi.it): 128 bits of state, 32 bits a call. */
function xoshiro128ss(s: Uint32Array): Random {
  const bits = (): number => {
    const result = Math.imul(rotl(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotl(s[3]!, 11);
    return result;
  };
  const next = (): number => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
  return {
    next,
    int: (n) => Math.floor(next() * n),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}
