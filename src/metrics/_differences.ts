/**
 * One pass over two images gives the sums of NPCR, UACI and MSE. Sums are exact integers: a block's sums
 * stay below 2^53 (2^20 samples times (2^16 - 1)^2 < 2^52) and blocks are added up as BigInt.
 */
import type { Raster } from '../shared/types.ts';

export interface Differences {
  /** Number of samples, W * H * C. */
  readonly n: number;
  /** #{a != b}. */
  readonly different: number;
  /** sum |a - b|; exact as a number too, for fewer than 2^37 samples. */
  readonly absolute: number;
  /** sum (a - b)^2. */
  readonly squared: bigint;
}

const block = 2 ** 20;

/** Sums over all samples of two images of one shape (checked by the callers). Slow twin: test/twins/metrics.ts. */
export function differences(a: Raster, b: Raster): Differences {
  const n = a.data.length;
  let different = 0;
  let absolute = 0;
  let squared = 0n;
  for (let from = 0; from < n; from += block) {
    const sums = sumBlock(a.data, b.data, from, Math.min(from + block, n));
    different += sums.different;
    absolute += sums.absolute;
    squared += BigInt(sums.squared);
  }
  return { n, different, absolute, squared };
}

function sumBlock(a: Raster['data'], b: Raster['data'], from: number, to: number) {
  let different = 0;
  let absolute = 0;
  let squared = 0;
  for (let i = from; i < to; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    if (d !== 0) different++;
    absolute += d;
    squared += d * d;
  }
  return { different, absolute, squared };
}
