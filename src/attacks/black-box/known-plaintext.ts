/**
 * Known plaintext: a few ordinary pictures with their cipher pictures, none of them chosen. Keystream: k = c - p of one pair
 * opens the next picture. Permutation: a plain place and a cipher place belong together if their samples change alike
 * from pair to pair; places that no pair tells apart stay unknown.
 */
import type { Raster } from '../../shared/types.ts';
import { blackImage, percent } from '../images.ts';
import {
  type Combination,
  combinationNames,
  combinations,
  noisePicture,
  pictures,
  recoveredShare,
} from './_samples.ts';
import type { BlackBoxAttack, Finding, Laboratory } from './types.ts';

export interface KnownPicture {
  readonly plain: Raster;
  readonly cipher: Raster;
}

/** Opens cipher pictures under the key of the pairs. */
export type Opener = (cipher: Raster, like: Raster) => Raster;

/** Every way in which these pairs may open another cipher picture of their key. */
export function openers(pairs: readonly KnownPicture[]): { how: string; queries: number; open: Opener }[] {
  const [first] = pairs as [KnownPicture];
  const surplus = Math.max(0, first.cipher.data.length - first.plain.data.length);
  const straight = [...new Set([0, surplus])].flatMap((offset) =>
    combinationNames.map((how) => ({ how, queries: 1, open: byKeystream(first, how, offset) })),
  );
  if (pairs.length < 2) return straight;
  const permuted = combinationNames.map((how) => ({
    how: `permutation and ${how}`,
    queries: pairs.length,
    open: byMatching(pairs, how),
  }));
  return [...straight, ...permuted];
}

const byKeystream =
  ({ plain, cipher }: KnownPicture, how: Combination, offset: number): Opener =>
  (target, like) => {
    const { key, open } = combinations[how];
    const out = blackImage(like);
    for (let i = 0; i < Math.min(out.data.length, plain.data.length); i++) {
      const j = i + offset;
      if (j < cipher.data.length) out.data[i] = open(target.data[j]!, key(cipher.data[j]!, plain.data[i]!));
    }
    return out;
  };

/** The change from the first pair to each other one is the same before and after a permutation, but for its sign. */
function byMatching(pairs: readonly KnownPicture[], how: Combination): Opener {
  const [first, ...rest] = pairs as [KnownPicture, ...KnownPicture[]];
  const mask = 2 ** first.plain.depth - 1;
  const step = (a: number, b: number): number => (how === 'xor' ? a ^ b : a - b) & mask;
  const plainText = (i: number): string =>
    rest.map(({ plain }) => step(plain.data[i]!, first.plain.data[i]!)).join();
  const cipherText = (j: number): string =>
    rest
      .map(({ cipher }) =>
        how === 'subtraction'
          ? step(first.cipher.data[j]!, cipher.data[j]!)
          : step(cipher.data[j]!, first.cipher.data[j]!),
      )
      .join();
  const byText = new Map<string, number[]>();
  for (let j = 0; j < first.cipher.data.length; j++) {
    const text = cipherText(j);
    const list = byText.get(text);
    if (list) list.push(j);
    else byText.set(text, [j]);
  }
  const places = Int32Array.from(first.plain.data, (_, i) => byText.get(plainText(i))?.pop() ?? -1);
  return (target, like) => {
    const { key, open } = combinations[how];
    const out = blackImage(like);
    for (const [i, j] of places.entries())
      if (j >= 0) out.data[i] = open(target.data[j]!, key(first.cipher.data[j]!, first.plain.data[i]!));
    return out;
  };
}

const known = 5;

async function run(laboratory: Laboratory): Promise<Finding> {
  const { shape, seed } = laboratory;
  const oracle = laboratory.oracle(0);
  const plains = Array.from({ length: known }, (_, k) => laboratory.photo(k + 1));
  const ciphers = await oracle.encrypt(plains);
  const [noise, photo] = [noisePicture(shape, seed, 'target'), laboratory.photo(0)];
  const [noiseCipher, photoCipher] = (await laboratory.oracle(0).encrypt([noise, photo])) as [Raster, Raster];
  const tried = openers(plains.map((plain, k) => ({ plain, cipher: ciphers[k]! }))).map((opener) => ({
    ...opener,
    ...recoveredShare(opener.open(noiseCipher, noise), noise),
  }));
  const best = tried.reduce((most, next) => (next.share > most.share ? next : most));
  if (!best.broken)
    return {
      broken: false,
      queries: known,
      share: 0,
      finding: `${pictures(known)} with their cipher pictures open no other`,
    };
  return {
    broken: true,
    queries: best.queries,
    share: best.share,
    finding: `${pictures(best.queries)} with ${best.queries === 1 ? 'its cipher picture opens' : 'their cipher pictures open'} ${percent(best.share)} of the samples of another (${best.how})`,
    details: { how: best.how },
    pictures: { recovered: best.open(photoCipher, photo), plain: photo, cipher: photoCipher },
  };
}

export const knownPlaintext: BlackBoxAttack = {
  idea: 'has five ordinary pictures with their cipher pictures, and opens another cipher picture',
  queries: () => known + 2,
  run,
};
