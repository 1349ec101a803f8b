/** Measures of an ablation beside attacks: distinct keys, NIST's tests, statistics of cipher images, time. */

import { differentialTrials } from '../../attacks/differential.ts';
import { distinctKeys } from '../../attacks/key-reuse.ts';
import { type MapName, mapNamed } from '../../chaos/maps.ts';
import { weaknessOf } from '../../chaos/spectrum.ts';
import { deriveKeys, encryptRaster, type PaperOptions } from '../../cipher/index.ts';
import { toRgb } from '../../data/images/image.ts';
import { mriPhantom } from '../../data/images/phantoms/mri.ts';
import { chiSquare, measureCell } from '../../metrics/index.ts';
import { battery } from '../../nist/battery.ts';
import { bitsFromBytes } from '../../nist/bits.ts';
import { summarise } from '../../nist/summary.ts';
import { stream } from '../../shared/random.ts';
import { median } from '../../shared/stats.ts';
import { seconds } from '../../shared/timing.ts';
import type { MapParams, Raster } from '../../shared/types.ts';
import type { Measures } from '../work.ts';
import type { AblationConfig } from './_config.ts';

/** Cipher images that statistics are averaged over, and differential trials. */
const images = 4;
const trials = 10;

/** The test picture: a generated brain slice, grey stored as RGB, as the paper's samples were. */
export const picture = ({ image, seed }: AblationConfig, nth = 0): Raster =>
  toRgb(mriPhantom(image, image, seed + 1000 * nth));

/** Shares of dates: with a key of their own among random dates, among consecutive seconds; with a weak key. */
export function judgeKeys(map: MapName, random: readonly MapParams[], near: readonly MapParams[]): Measures {
  const { holds } = weaknessOf(mapNamed(map));
  const weak = random.filter((params) => holds(params)).length;
  return {
    keys_random: distinctKeys(random) / random.length,
    keys_seconds: distinctKeys(near) / near.length,
    weak_share: weak / random.length,
  };
}

/**
 * All tests of SP 800-22 that run at this length, on the first bits of each date's z_key: the share of p-values from
 * 0.01 on (ideal 0.99), the share of sub-tests whose proportion lies outside of NIST's interval, and the verdict.
 */
export function judgeNist(
  { map, bits, sequences }: AblationConfig,
  parameters: readonly MapParams[],
  options: PaperOptions,
): Measures {
  const side = Math.ceil(Math.sqrt(bits / 24));
  const shape = { width: side, height: side, channels: 3, depth: 8 } as const;
  const reports = Array.from({ length: sequences }, (_, k) => {
    const { zKey } = deriveKeys(map, parameters[k % parameters.length]!, shape, options);
    return battery(bitsFromBytes(zKey as Uint8Array, 0, bits));
  });
  const { subTests, verdict } = summarise(reports, 0.01, { bits });
  const total = subTests.reduce((sum, { m }) => sum + m, 0);
  return {
    nist_passed: total === 0 ? null : subTests.reduce((sum, { passed }) => sum + passed, 0) / total,
    nist_outside: subTests.filter(({ inside }) => !inside).length / Math.max(1, subTests.length),
    nist_rejected: verdict === 'rejected' ? 1 : 0,
  };
}

/** Means over a few keys, each z against an ideal cipher; differential NPCR and UACI; time of one encryption. */
export function judgeCipher(
  config: AblationConfig,
  parameters: readonly MapParams[],
  options: PaperOptions,
): Measures {
  const plain = picture(config);
  const times: number[] = [];
  const found = parameters.slice(0, images).map((params) => {
    const started = seconds();
    const cipher = encryptRaster(plain, deriveKeys(config.map, params, plain, options));
    times.push(seconds() - started);
    const { entropy, corr_h } = measureCell(plain, cipher);
    return [chiSquare(cipher).z, entropy.z, Math.abs(corr_h.z ?? 0), chiSquare(channelXor(cipher)).z];
  });
  const fresh = parameters.slice(0, images).map((params) => freshShare(config.map, params, options));
  const mean = (at: number): number => found.reduce((sum, row) => sum + (row[at] ?? 0), 0) / found.length;
  const keys = deriveKeys(config.map, parameters[0]!, plain, options);
  const { npcr, uaci } = differentialTrials(
    (image) => encryptRaster(image, keys),
    plain,
    trials,
    stream(config.seed, 'ablation'),
  );
  return {
    chi2_z: mean(0),
    entropy_z: mean(1),
    corr_h_z: mean(2),
    channel_z: mean(3),
    npcr,
    uaci,
    key_fresh: fresh.reduce((sum, share) => sum + share, 0) / fresh.length,
    encrypt_ms: 1000 * median(times),
  };
}

/**
 * Share of 8-sample windows of z_key (65,536 samples, one channel) that did not occur before: 1 for an ideal key, whose
 * windows agree with probability 2^-64, and cycle / 65,536 for an orbit that has run into a cycle.
 */
function freshShare(map: MapName, params: MapParams, options: PaperOptions): number {
  const { zKey } = deriveKeys(map, params, { width: 256, height: 256, channels: 1, depth: 8 }, options);
  const view = new DataView(zKey.buffer, zKey.byteOffset, zKey.byteLength);
  const windows = zKey.length - 7;
  const seen = new Set<bigint>();
  for (let at = 0; at < windows; at++) seen.add(view.getBigUint64(at));
  return seen.size / windows;
}

/** First channel xor second: noise if each has a key of its own; with one for all it is the picture, permuted. */
function channelXor({ width, height, data }: Raster): Raster {
  const xor = Uint8Array.from({ length: width * height }, (_, k) => data[3 * k]! ^ data[3 * k + 1]!);
  return { width, height, channels: 1, depth: 8, data: xor };
}
