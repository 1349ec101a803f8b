/**
 * Codebook against ciphers in which each cipher sample depends on one plain sample, however: substitution boxes by place, any
 * arithmetic, any permutation. 256 constant pictures give the table of every cipher place; log2(N) pictures of two values give
 * the plain place behind it. The attacker then opens another cipher picture made with that key.
 */
import type { Shape } from '../../cipher/index.ts';
import type { Raster } from '../../shared/types.ts';
import { blackImage, percent } from '../images.ts';
import { constantPicture, noisePicture, pictures, recoveredShare } from './_samples.ts';
import type { BlackBoxAttack, Finding, Laboratory } from './types.ts';

/** Two values whose codes tell the bits of a place apart. */
const [zero, one] = [1, 85];

const addressBits = (n: number): number => Math.max(1, Math.ceil(Math.log2(n)));

function addressPicture(like: Raster, bit: number): Raster {
  const picture = blackImage(like);
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = Math.floor(i / 2 ** bit) % 2 ? one : zero;
  return picture;
}

async function run(laboratory: Laboratory): Promise<Finding> {
  const { shape, seed } = laboratory;
  const oracle = laboratory.oracle(0);
  const [noise, photo] = [noisePicture(shape, seed, 'target'), laboratory.photo(0)];
  const [noiseCipher, photoCipher] = (await laboratory.oracle(0).encrypt([noise, photo])) as [Raster, Raster];
  const bits = addressBits(noise.data.length);
  const addresses = await oracle.encrypt(Array.from({ length: bits }, (_, b) => addressPicture(noise, b)));
  // Two constant pictures show first whether every place of the address pictures holds one of their two codes.
  const probes = await oracle.encrypt([constantPicture(shape, zero), constantPicture(shape, one)]);
  if (!isLocal(addresses, probes as [Raster, Raster]))
    return {
      broken: false,
      queries: oracle.queries,
      share: 0,
      finding: `cipher samples depend on more than one plain sample: ${pictures(oracle.queries)} give no codebook`,
    };
  const tables = await oracle.encrypt(Array.from({ length: 256 }, (_, v) => codePicture(shape, v)));
  const places = placesOf(addresses, probes as [Raster, Raster]);
  const open = (cipher: Raster, like: Raster): Raster => decode(cipher, like, places, tables);
  const { share, broken, z } = recoveredShare(open(noiseCipher, noise), noise);
  return {
    broken,
    queries: oracle.queries,
    share: broken ? share : 0,
    finding: `${pictures(oracle.queries)} chosen by the attacker give a codebook that opens ${percent(share)} of an unseen picture's samples`,
    details: { z },
    ...(broken && { pictures: { recovered: open(photoCipher, photo), plain: photo, cipher: photoCipher } }),
  };
}

/** All samples v; black and white have a last sample of another value, lest they be read as truth values. */
function codePicture(shape: Shape, v: number): Raster {
  const picture = constantPicture(shape, v);
  picture.data[picture.data.length - 1] = lastValue(v);
  return picture;
}

const lastValue = (v: number): number => (v === 0 ? 1 : v === 255 ? 254 : v);

/** Whether the places of the address pictures hold the code of one of the two values, far above chance. */
function isLocal(addresses: readonly Raster[], [zeros, ones]: readonly [Raster, Raster]): boolean {
  let [fitting, all] = [0, 0];
  for (const { data } of addresses)
    for (let j = 0; j < data.length; j++) {
      if (zeros.data[j] === ones.data[j]) continue;
      all++;
      if (data[j] === zeros.data[j] || data[j] === ones.data[j]) fitting++;
    }
  return all > 0 && fitting / all > 0.1;
}

/** Plain place behind each cipher place; -1 where its bits do not read as one. */
function placesOf(addresses: readonly Raster[], [zeros, ones]: readonly [Raster, Raster]): Int32Array {
  return Int32Array.from(zeros.data, (_, j) => {
    if (zeros.data[j] === ones.data[j]) return -1;
    let place = 0;
    for (const [b, { data }] of addresses.entries())
      if (data[j] === ones.data[j]) place += 2 ** b;
      else if (data[j] !== zeros.data[j]) return -1;
    return place;
  });
}

function decode(cipher: Raster, like: Raster, places: Int32Array, tables: readonly Raster[]): Raster {
  const out = blackImage(like);
  for (const [j, i] of places.entries()) {
    if (i < 0 || i >= out.data.length) continue;
    const value = tables.findIndex(({ data }) => data[j] === cipher.data[j]);
    if (value >= 0) out.data[i] = value;
  }
  return out;
}

export const codebook: BlackBoxAttack = {
  idea: 'asks for 256 constant pictures and for pictures of two values, which give the table of every place',
  queries: ({ shape }) => 260 + addressBits(shape.width * shape.height * shape.channels),
  run,
};
