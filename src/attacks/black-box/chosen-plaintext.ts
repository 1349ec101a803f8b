/**
 * Chosen plaintext against a keystream, with or without a permutation of the samples: an almost black picture gives the keystream, and
 * pictures whose samples spell their own place in base 2^depth give the permutation, ceil(log(N) / log(2^depth)) of them.
 * The attacker asks for pictures under one key, then opens another cipher picture made with that key.
 */
import type { Raster } from '../../shared/types.ts';
import { blackImage, percent } from '../images.ts';
import {
  type Combination,
  combinationNames,
  combinations,
  constantPicture,
  dark,
  noisePicture,
  pictures,
  recoveredShare,
} from './_samples.ts';
import type { BlackBoxAttack, Finding, Laboratory } from './types.ts';

/** The key as an attacker finds it: plain sample i stands at cipher place `places[i]` (-1 unknown). */
interface FoundKey {
  readonly how: Combination;
  readonly keystream: Raster['data'];
  readonly places: Int32Array;
}

function openWith({ how, keystream, places }: FoundKey, cipher: Raster, like: Raster): Raster {
  const out = blackImage(like);
  for (const [i, j] of places.entries())
    if (j >= 0) out.data[i] = combinations[how].open(cipher.data[j]!, keystream[j]!);
  return out;
}

/** Digit pictures: sample i of picture q holds digit q of i in base 2^depth. */
function addressPictures(like: Raster): Raster[] {
  const n = like.data.length;
  const count = Math.max(1, Math.ceil(Math.log2(n) / like.depth));
  return Array.from({ length: count }, (_, q) => {
    const picture = blackImage(like);
    for (let i = 0; i < n; i++) picture.data[i] = Math.floor(i / 2 ** (like.depth * q)) % 2 ** like.depth;
    return picture;
  });
}

/** Where each plain sample stands, by the digits that come back. */
function placesBy(
  how: Combination,
  keystream: Raster['data'],
  answers: readonly Raster[],
  like: Raster,
): Int32Array {
  const places = new Int32Array(like.data.length).fill(-1);
  const base = 2 ** like.depth;
  for (let j = 0; j < keystream.length; j++) {
    let i = 0;
    for (const [q, answer] of answers.entries())
      i += ((combinations[how].open(answer.data[j]!, keystream[j]!) & (base - 1)) >>> 0) * base ** q;
    if (i < places.length) places[i] = j;
  }
  return places;
}

const keystreamOf = (how: Combination, { data }: Raster): Raster['data'] =>
  data.map((value) => combinations[how].key(value, dark)) as Raster['data'];

const inPlace = (n: number, offset: number): Int32Array =>
  Int32Array.from({ length: n }, (_, i) => i + offset);

async function run(laboratory: Laboratory): Promise<Finding> {
  const { shape, seed } = laboratory;
  const oracle = laboratory.oracle(0);
  const [noise, photo] = [noisePicture(shape, seed, 'target'), laboratory.photo(0)];
  const [noiseCipher, photoCipher] = (await laboratory.oracle(0).encrypt([noise, photo])) as [Raster, Raster];
  const [black] = (await oracle.encrypt([constantPicture(shape, dark)])) as [Raster];
  const surplus = black.data.length - noise.data.length;
  const straight = [...new Set([0, Math.max(0, surplus)])].flatMap((offset) =>
    combinationNames.map((how) => ({
      how,
      keystream: keystreamOf(how, black),
      places: inPlace(noise.data.length, offset),
    })),
  );
  let best = bestOf(straight, noiseCipher, noise);
  if (!best.broken) {
    const answers = await oracle.encrypt(addressPictures(noise));
    const permuted = combinationNames.map((how) => {
      const keystream = keystreamOf(how, black);
      return { how, keystream, places: placesBy(how, keystream, answers, noise) };
    });
    best = bestOf(permuted, noiseCipher, noise);
  }
  const recovered = openWith(best.key, photoCipher, photo);
  return {
    broken: best.broken,
    queries: oracle.queries,
    share: best.broken ? best.share : 0,
    finding: best.broken
      ? `${pictures(oracle.queries)} chosen by the attacker (an almost black one first) give the keystream${oracle.queries > 1 ? ' and the permutation' : ''}; ${percent(best.share)} of an unseen picture's samples are recovered (${best.key.how})`
      : `${pictures(oracle.queries)} chosen by the attacker give neither a keystream nor a permutation`,
    details: { combination: best.key.how, z: best.z },
    ...(best.broken && { pictures: { recovered, plain: photo, cipher: photoCipher } }),
  };
}

function bestOf(keys: readonly FoundKey[], cipher: Raster, real: Raster) {
  const tried = keys.map((key) => ({ key, ...recoveredShare(openWith(key, cipher, real), real) }));
  return tried.reduce((best, next) => (next.share > best.share ? next : best));
}

export const chosenPlaintext: BlackBoxAttack = {
  idea: 'asks for an almost black picture and for pictures that spell their own places, then opens another cipher picture',
  queries: ({ shape }) => 4 + Math.ceil(Math.log2(shape.width * shape.height * shape.channels) / shape.depth),
  run,
};
