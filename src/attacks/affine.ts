/**
 * Affine ciphers: where all steps under one key keep sums, three cipher images give a fourth that nobody asked for,
 *   E(a ^ b ^ c) = E(a) ^ E(b) ^ E(c)   (permutation and xor, with feedback or without),
 *   E(a - b + c) = E(a) - E(b) + E(c)   modulo 2^depth (the same with addition).
 * Chen, Chen, Zhou 2019 (arXiv 1903.11987) build full attacks on it. Here it is the test alone: whoever can predict a
 * cipher image can tell it from noise, and the key need not be known. An ideal cipher agrees in one of 2^depth samples.
 */
import type { Raster } from '../shared/types.ts';
import { agreement } from './images.ts';
import type { Oracle } from './oracle.ts';

export interface AffinePrediction {
  /** Samples of the fourth cipher image that were predicted, 0 to 1. */
  readonly share: number;
  /** Bits of each plane that were predicted, the lowest first, 0 to 1; an ideal cipher agrees in half of them. */
  readonly planes: readonly number[];
  /** Under which of the two sums. */
  readonly over: 'xor' | 'addition';
}

type Sum = (a: number, b: number, c: number) => number;

const sums: Readonly<Record<AffinePrediction['over'], Sum>> = {
  xor: (a, b, c) => a ^ b ^ c,
  addition: (a, b, c) => a - b + c, // a store is mod 2^depth
};

/**
 * Asks for three images and for the two that they determine.
 * @param images of the oracle's shape
 * @returns the better of the two predictions
 */
export function affinePrediction(
  oracle: Oracle,
  images: readonly [Raster, Raster, Raster],
): AffinePrediction {
  const ciphers = images.map((image) => oracle.encrypt(image)) as [Raster, Raster, Raster];
  const [xor, addition] = (['xor', 'addition'] as const).map((over): AffinePrediction => {
    const fourth = oracle.encrypt(combined(images, sums[over]));
    const predicted = combined(ciphers, sums[over]);
    return { share: agreement(predicted, fourth), planes: planesAgreeing(predicted, fourth), over };
  });
  return addition!.share > xor!.share ? addition! : xor!;
}

function planesAgreeing(a: Raster, b: Raster): number[] {
  const same = new Array<number>(a.depth).fill(0);
  for (let k = 0; k < a.data.length; k++) {
    const differing = a.data[k]! ^ b.data[k]!;
    for (let plane = 0; plane < a.depth; plane++) same[plane]! += 1 - ((differing >> plane) & 1);
  }
  return same.map((count) => count / a.data.length);
}

function combined([a, b, c]: readonly [Raster, Raster, Raster], sum: Sum): Raster {
  const data = a.data.slice();
  for (let k = 0; k < data.length; k++) data[k] = sum(a.data[k]!, b.data[k]!, c.data[k]!);
  return { ...a, data };
}
