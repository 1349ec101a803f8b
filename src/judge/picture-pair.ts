/** A plain picture with its cipher picture, and the name that both have. */
import type { Raster } from '../shared/types.ts';

export interface PicturePair {
  readonly name: string;
  readonly plain: Raster;
  readonly cipher: Raster;
  /** Cipher of a plain picture one sample away. */
  readonly second: Raster | null;
  /** Pairs with equal texts share a key; null: unknown. */
  readonly key: string | null;
}

/** `scan` of scan.png, scan.cipher.png and scan_cipher.tif. */
export const stemOf = (file: string): string =>
  file.replace(/(?<=.)\.[^.]*$/, '').replace(/[._-](?:cipher|encrypted|enc|plain|second)$/i, '');
