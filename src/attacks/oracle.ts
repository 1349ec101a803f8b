/**
 * The encryption oracle of a chosen-plaintext attack: it encrypts images of one shape under a fixed unknown key and
 * counts how often it is asked. It knows nothing else, and an attack that takes an oracle has nothing else.
 */
import type { Shape } from '../cipher/index.ts';
import type { Raster } from '../shared/types.ts';

export interface Oracle {
  /** Shape of the images that it takes. */
  readonly shape: Shape;
  /** How many it has encrypted. */
  readonly queries: number;
  encrypt(plain: Raster): Raster;
}

/** @param encrypt the cipher under the unknown key */
export function oracleOf(
  { width, height, channels, depth }: Shape,
  encrypt: (plain: Raster) => Raster,
): Oracle {
  let queries = 0;
  return {
    shape: { width, height, channels, depth },
    get queries() {
      return queries;
    },
    encrypt(plain) {
      queries++;
      return encrypt(plain);
    },
  };
}
