/** Attacks of an ablation: 1 where the attacker gets the picture, or sees that a key was used twice; else 0. */

import { keysFromPairs, oracleOf, recoverKeys } from '../../attacks/index.ts';
import { keyReuseTest } from '../../attacks/key-reuse.ts';
import { roughness } from '../../attacks/parameter-search.ts';
import {
  decryptRaster,
  deriveKeys,
  encryptRaster,
  type Keys,
  type PaperOptions,
} from '../../cipher/index.ts';
import { mean } from '../../shared/stats.ts';
import type { MapParams, Raster } from '../../shared/types.ts';
import type { Measures } from '../work.ts';
import type { AblationConfig } from './_config.ts';
import { picture } from './_judges.ts';

/**
 * @param near parameters of consecutive seconds: the secret is the middle one, and an attacker who knows the hour and
 *   the public network tries them all
 */
export function judgeAttacks(
  config: AblationConfig,
  near: readonly MapParams[],
  options: PaperOptions,
): Measures {
  const [plain, ...others] = [0, 1, 2].map((nth) => picture(config, nth)) as [Raster, Raster, Raster];
  const secret = near[Math.floor(near.length / 2)]!;
  const keys = deriveKeys(config.map, secret, plain, options);
  const cipher = encryptRaster(plain, keys);
  const opens = (found: Keys | null): number =>
    found && sameAs(plain, decryptRaster(cipher, found)) > 0.5 ? 1 : 0;
  const pairs = others.map((image) => ({ plain: image, cipher: encryptRaster(image, keys) }));
  const results = {
    attack_chosen: opens(recoverKeys(oracleOf(plain, (image) => encryptRaster(image, keys)))),
    attack_known: opens(keysFromPairs(pairs)?.keys ?? null),
    attack_reuse: keyReuseTest(cipher, pairs[0]!.cipher).reused ? 1 : 0,
    attack_date: dateAttack(config, near, options, cipher, plain),
  };
  const values = Object.values(results);
  return { ...results, attack_share: mean(values) };
}

/** Decrypts with the key of every second; the smoothest picture is the answer. */
function dateAttack(
  { map }: AblationConfig,
  near: readonly MapParams[],
  options: PaperOptions,
  cipher: Raster,
  plain: Raster,
): number {
  const distinct = new Map(near.map((params) => [params.join(), params]));
  let best = { image: cipher, rough: Number.POSITIVE_INFINITY };
  for (const params of distinct.values()) {
    const image = decryptRaster(cipher, deriveKeys(map, params, cipher, options));
    const rough = roughness(image);
    if (rough < best.rough) best = { image, rough };
  }
  return sameAs(plain, best.image) === 1 ? 1 : 0;
}

/** Share of equal samples. */
function sameAs(a: Raster, b: Raster): number {
  let same = 0;
  for (let k = 0; k < a.data.length; k++) if (a.data[k] === b.data[k]) same++;
  return same / a.data.length;
}
