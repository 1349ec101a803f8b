/**
 * Key sensitivity: one image under two neighbouring keys, its cipher images compared; or a cipher decrypted with a
 * neighbouring key, compared with the plain image. Where keys part at once, the two are as independent: NPCR, UACI
 * and avalanche have their differential expectations (Wu, Noonan, Agaian 2011). Of two images of which only one is
 * noise (a wrong decryption beside the plain image) UACI depends on the plain image: see `uaci`.
 */
import type { Raster } from '../shared/types.ts';
import { avalanche } from './avalanche.ts';
import { differential } from './differential.ts';
import type { Measured } from './types.ts';

export interface KeySensitivity {
  /** Percent of samples that differ. */
  readonly npcr: Measured;
  /** Mean difference, percent of the largest sample. */
  readonly uaci: Measured;
  /** Share of bits that differ, 0..1. */
  readonly avalanche: Measured;
}

/**
 * @param a, b cipher images of one plain image under two keys
 * @throws InputError if the shapes differ or one is empty
 */
export const keySensitivity = (a: Raster, b: Raster): KeySensitivity => ({
  ...differential(a, b),
  avalanche: avalanche(a, b),
});
