/**
 * Short key: only the first or the last bytes of a long key matter, as where a program seeds its generator with four of
 * them. A second key that is random but for these bytes gives the same cipher picture, or decrypts the first one.
 */
import type { Raster } from '../../shared/types.ts';
import { agreement } from '../images.ts';
import { noisePicture, plural } from './_samples.ts';
import type { BlackBox, BlackBoxAttack, Finding, Laboratory } from './types.ts';

/** At most 2^32 keys: a search tries them all. */
const sizes = [1, 2, 4] as const;

interface Window {
  readonly end: 'first' | 'last';
  readonly size: number;
}

const windows = ({ keyBits }: Pick<Laboratory, 'keyBits'>): Window[] =>
  sizes
    .filter((size) => 8 * size < keyBits)
    .flatMap((size) => (['first', 'last'] as const).map((end) => ({ end, size })));

async function run(laboratory: Laboratory): Promise<Finding> {
  const { shape, seed, keyBits } = laboratory;
  const noise = noisePicture(shape, seed, 'short key');
  const oracle = laboratory.oracle(0);
  const [cipher, again] = (await oracle.encrypt([noise, noise])) as [Raster, Raster];
  const steady = same(cipher, again);
  if (!steady && !oracle.decrypt) return withstood(2, 'the cipher draws a nonce and no decryption is given');
  const tried = windows(laboratory);
  for (const [k, window] of tried.entries()) {
    const other = laboratory.sharing(0, window.end, window.size);
    if (!(await (steady ? encryptsAlike(other, noise, cipher) : decrypts(other, cipher, noise)))) continue;
    return {
      broken: true,
      queries: 3 + k,
      share: 1,
      finding: `only the ${window.end} ${plural(window.size, 'byte')} of ${keyBits / 8} of the key matter: ${2 ** (8 * window.size)} keys, which a search tries in full`,
      pictures: { plain: noise, cipher },
    };
  }
  return withstood(2 + tried.length, 'the key is not its first or last 1, 2 or 4 bytes alone');
}

const withstood = (queries: number, finding: string): Finding => ({
  broken: false,
  queries,
  share: 0,
  finding,
});

const same = (a: Raster, b: Raster): boolean => a.data.length === b.data.length && agreement(a, b) === 1;

const encryptsAlike = async (other: BlackBox, plain: Raster, cipher: Raster): Promise<boolean> =>
  same((await other.encrypt([plain]))[0]!, cipher);

async function decrypts(other: BlackBox, cipher: Raster, plain: Raster): Promise<boolean> {
  const back = await other.decrypt!(cipher, cipher);
  return back !== null && same(back, plain);
}

export const shortKey: BlackBoxAttack = {
  idea: 'encrypts or decrypts with a key that shares only its first or last bytes with the right one',
  queries: (laboratory) => 2 + windows(laboratory).length,
  run,
};
