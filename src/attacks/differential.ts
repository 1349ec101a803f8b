/**
 * Differential attack: two plain images that differ in one bit of one sample, encrypted with the same key (and, where
 * the scheme has one, the same nonce). Ideal ciphers differ as two random images do: NPCR 99.609 %, UACI 33.464 %
 * (src/metrics/differential.ts). Permutation and xor move the one change elsewhere and no further: NPCR = 100/N %.
 * Success: over the trials, mean NPCR or mean UACI lies outside the 95 % interval of a single trial.
 */

import { differential as compare, differentialLimits } from '../metrics/index.ts';
import { type Random, stream } from '../shared/random.ts';
import { mean } from '../shared/stats.ts';
import type { Raster } from '../shared/types.ts';
import { xorImages } from './images.ts';
import type { AttackInput, AttackOutcome } from './types.ts';

/** The image with the lowest bit of one random sample turned over. */
function changeOneSample(plain: Raster, random: Random): Raster {
  const data = plain.data.slice();
  data[random.int(data.length)]! ^= 1;
  return { ...plain, data };
}

export interface DifferentialSummary {
  readonly trials: number;
  /** Means over the trials, percent. */
  readonly npcr: number;
  readonly uaci: number;
  /** 95 % intervals of one trial with an ideal cipher, percent, and the shares of trials inside. */
  readonly npcrInterval: readonly [number, number];
  readonly uaciInterval: readonly [number, number];
  readonly npcrPassed: number;
  readonly uaciPassed: number;
}

/**
 * Each trial changes one sample more and compares with the cipher image before it. Were all compared with one and the
 * same, their UACIs would share what that image's histogram makes of it: the mean of 200 would vary 4.6 times as much.
 * @param encrypt the cipher with key and nonce held fixed
 */
export function differentialTrials(
  encrypt: (plain: Raster) => Raster,
  plain: Raster,
  trials: number,
  random: Random,
): DifferentialSummary {
  const { npcr: npcrInterval, uaci: uaciInterval } = differentialLimits(plain.data.length, 0.05, plain.depth);
  let image = plain;
  let cipher = encrypt(image);
  const pairs = Array.from({ length: trials }, () => {
    const before = cipher;
    image = changeOneSample(image, random);
    cipher = encrypt(image);
    const { npcr, uaci } = compare(before, cipher);
    return { npcr: npcr.value ?? 0, uaci: uaci.value ?? 0 };
  });
  const npcrs = pairs.map(({ npcr }) => npcr);
  const uacis = pairs.map(({ uaci }) => uaci);
  return {
    trials,
    npcr: mean(npcrs),
    uaci: mean(uacis),
    npcrInterval,
    uaciInterval,
    npcrPassed: mean(npcrs.map((value) => within(value, npcrInterval))),
    uaciPassed: mean(uacis.map((value) => within(value, uaciInterval))),
  };
}

const within = (value: number, [low, high]: readonly [number, number]): number =>
  value >= low && value <= high ? 1 : 0;

export function differential({ party, plain, seed, trials }: AttackInput): AttackOutcome {
  const encrypt = (image: Raster): Raster => party.encryptAgain(image).cipher;
  const summary = differentialTrials(encrypt, plain, trials, stream(seed, 'differential'));
  const inside =
    within(summary.npcr, summary.npcrInterval) === 1 && within(summary.uaci, summary.uaciInterval) === 1;
  const oneSample = 100 / plain.data.length;
  return {
    success: !inside,
    queries: trials + 1,
    finding:
      `one changed bit, ${trials} trials: NPCR ${summary.npcr.toPrecision(6)} %, UACI ${summary.uaci.toPrecision(6)} %` +
      ` (ideal 99.6094 and 33.4635 at 8 bits; one sample alone is ${oneSample.toPrecision(4)} %)`,
    details: { ...summary, oneSample },
    pictures: { difference: differencePicture(encrypt, plain, stream(seed, 'differential picture')) },
  };
}

/** White where two ciphers of images one bit apart differ, in blocks of a 64th of a side so that a single one is seen. */
function differencePicture(encrypt: (plain: Raster) => Raster, plain: Raster, random: Random): Raster {
  const { width, height, channels } = plain;
  const xor = xorImages(encrypt(plain), encrypt(changeOneSample(plain, random)));
  const block = Math.max(1, Math.round(Math.min(width, height) / 64));
  const data = new Uint8Array(width * height);
  for (let k = 0; k < xor.data.length; k++) {
    if (xor.data[k] === 0) continue;
    const pixel = Math.floor(k / channels);
    paint(data, width, pixel % width, Math.floor(pixel / width), block);
  }
  return { width, height, channels: 1, depth: 8, data };
}

/** A white square of which (x, y) is the first corner, cut at the border. */
function paint(data: Uint8Array, width: number, x: number, y: number, block: number): void {
  const height = data.length / width;
  for (let i = y; i < Math.min(height, y + block); i++)
    data.fill(255, i * width + x, i * width + Math.min(width, x + block));
}
