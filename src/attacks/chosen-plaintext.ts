/**
 * Chosen plaintext against permutation and xor, cipher = Perm(plain) ^ Z with one key for all images: a black image
 * returns Z itself; images of distinct rows and columns return both permutations (_match.ts). Two queries suffice
 * where both sides are at least 16; thin images need more (distinguishing.ts), any depth and number of channels.
 * 512x512 takes about 25 ms. The attacker has the oracle, then one cipher image under the same key.
 */
import { decryptRaster, encryptRaster, type Keys } from '../cipher/index.ts';
import { stream } from '../shared/random.ts';
import type { Raster } from '../shared/types.ts';
import { gridOf, match } from './_match.ts';
import { distinguishingImages } from './distinguishing.ts';
import { agreement, blackImage, equalImages, percent, xorImages } from './images.ts';
import { type Oracle, oracleOf } from './oracle.ts';
import type { AttackInput, AttackOutcome } from './types.ts';

/**
 * The keys behind the oracle.
 * @param seed of the images asked for
 * @returns null if the oracle is no permutation of rows and columns followed by xor with one key
 */
export function recoverKeys(oracle: Oracle, seed = 1): Keys | null {
  const z = oracle.encrypt(blackImage(oracle.shape));
  const chosen = distinguishingImages(oracle.shape, stream(seed, 'chosen-plaintext'));
  const answers = chosen.map((image) => oracle.encrypt(image));
  if (chosen.length === 0) return { xIndex: Int32Array.of(0), yIndex: Int32Array.of(0), zKey: z.data };
  const found = match(gridOf(chosen), gridOf(answers.map((answer) => xorImages(answer, z))));
  if (!found) return null;
  const keys = { xIndex: found.xIndex, yIndex: found.yIndex, zKey: z.data };
  return chosen.every((image, q) => equalImages(encryptRaster(image, keys), answers[q]!)) ? keys : null;
}

export function chosenPlaintext({ party, plain, seed }: AttackInput): AttackOutcome {
  const oracle = oracleOf(plain, (image) => party.encrypt(image).cipher);
  const { cipher } = party.encrypt(plain);
  const keys = recoverKeys(oracle, seed);
  const recovered = keys && decryptRaster(cipher, keys);
  return {
    success: recovered !== null && equalImages(recovered, plain),
    queries: oracle.queries,
    ...report(oracle, plain, recovered),
    pictures: { plain, cipher, ...(recovered && { recovered }) },
  };
}

function report({ queries }: Oracle, plain: Raster, recovered: Raster | null) {
  if (!recovered)
    return { finding: `${queries} chosen images gave no key`, details: { recoveredShare: null } };
  const share = agreement(recovered, plain);
  return {
    finding: `${queries} chosen images gave the whole key; ${percent(share)} of an unseen image's samples recovered`,
    details: { recoveredShare: share },
  };
}
