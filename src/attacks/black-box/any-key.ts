/**
 * Any key: the key has no part in the cipher, or another key opens the picture too. A cipher that depends on nothing secret is
 * opened by whoever has the program.
 */

import type { Raster } from '../../shared/types.ts';
import { agreement, percent } from '../images.ts';
import { noisePicture, recoveredShare } from './_samples.ts';
import type { BlackBoxAttack, Finding, Laboratory } from './types.ts';

const others = 3;

async function run(laboratory: Laboratory): Promise<Finding> {
  const { shape, seed } = laboratory;
  const [noise, photo] = [noisePicture(shape, seed, 'any key'), laboratory.photo(0)];
  const oracle = laboratory.oracle(0);
  const [cipher, again, photoCipher] = (await oracle.encrypt([noise, noise, photo])) as [
    Raster,
    Raster,
    Raster,
  ];
  const foreign: Raster[] = [];
  for (let k = 1; k <= others; k++) foreign.push(...(await laboratory.oracle(k).encrypt([noise])));
  const steady = same(cipher, again);
  if (steady && foreign.every((other) => same(other, cipher)))
    return {
      broken: true,
      queries: 2,
      share: 1,
      finding: `the key has no part in the cipher: ${others + 1} keys give one and the same cipher picture`,
      pictures: { cipher: photoCipher, plain: photo },
    };
  const opened = await openedByAnother(laboratory, cipher, photoCipher);
  if (opened && opened.noise.data.length === noise.data.length) {
    const { share, broken } = recoveredShare(opened.noise, noise);
    if (broken)
      return {
        broken,
        queries: 1,
        share,
        finding: `another random key decrypts ${percent(share)} of the samples`,
        ...(opened.photo && { pictures: { recovered: opened.photo, plain: photo, cipher: photoCipher } }),
      };
  }
  return {
    broken: false,
    queries: oracle.queries + others,
    share: 0,
    finding: `another key gives another cipher picture${oracle.decrypt ? ', and decrypts to nothing of the picture' : ''}`,
  };
}

const same = (a: Raster, b: Raster): boolean => a.data.length === b.data.length && agreement(a, b) === 1;

async function openedByAnother(laboratory: Laboratory, cipher: Raster, photoCipher: Raster) {
  const another = laboratory.oracle(1);
  const noise = await another.decrypt?.(cipher, cipher);
  if (!noise) return null;
  return { noise, photo: (await another.decrypt?.(photoCipher, photoCipher)) ?? null };
}

export const anyKey: BlackBoxAttack = {
  idea: 'encrypts and decrypts with keys that are not the right one',
  queries: () => 5 + others,
  run,
};
