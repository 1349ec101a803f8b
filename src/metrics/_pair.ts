import { differences } from './_differences.ts';
import { histogram } from './histogram.ts';
import { checkPair } from './raster.ts';
import type { Images, Pair } from './types.ts';

/** @throws InputError if the shapes differ or an image is empty */
export function pairOf(images: Images): Pair {
  const { plain, cipher, second } = images;
  checkPair(plain, cipher);
  if (second) checkPair(cipher, second, 'cipher', 'second cipher');
  return {
    ...images,
    differences: computedOnce(() => differences(plain, cipher)),
    plainCounts: computedOnce(() => histogram(plain)),
    cipherCounts: computedOnce(() => histogram(cipher)),
  };
}

function computedOnce<T>(compute: () => T): () => T {
  let known: T | undefined;
  return () => {
    known ??= compute();
    return known;
  };
}
