/**
 * Avalanche: the share of bits that differ between two cipher images whose plain images (or keys) differ in one bit,
 * 0..1. Ideal: mean 1/2, sd 1 / (2 sqrt(b N)) over b N bits, b bits a sample (Webster and Tavares, CRYPTO '85).
 */
import type { Depth, Raster } from '../shared/types.ts';
import { checkPair } from './raster.ts';
import { against, type Expectation, type Measured } from './types.ts';

/** Share of changed bits of two ciphers of one shape. @throws InputError if the shapes differ or one is empty */
export function avalanche(a: Raster, b: Raster): Measured & { readonly value: number } {
  checkPair(a, b, 'first cipher', 'second cipher');
  let bits = 0;
  for (let i = 0; i < a.data.length; i++) bits += ones(a.data[i]! ^ b.data[i]!);
  const value = bits / (a.depth * a.data.length);
  return { ...against(value, expectedAvalanche(a.data.length, a.depth)), value };
}

/** Expectation over N samples. */
export const expectedAvalanche = (n: number, depth: Depth): Expectation => ({
  mean: 1 / 2,
  sd: 1 / (2 * Math.sqrt(depth * n)),
});

/** Ones of 16 bits, added in fields of 2, 4, 8 and 16 (Warren, Hacker's Delight 2003, 5-1). Twin: test/twins/metrics.ts. */
function ones(value: number): number {
  const pairs = value - ((value >> 1) & 0x5555);
  const nibbles = (pairs & 0x3333) + ((pairs >> 2) & 0x3333);
  const bytes = (nibbles + (nibbles >> 4)) & 0x0f0f;
  return (bytes + (bytes >> 8)) & 0x1f;
}
