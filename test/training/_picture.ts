import type { Metadata } from '../../src/data/metadata/extra.ts';
import { drawCodes } from '../../src/data/pairs/drawing.ts';
import { inputOf } from '../../src/training/batches.ts';
import type { DateNetwork } from '../../src/training/trained.ts';

/** The picture that a network sees of a date, values 0-1, [size, size, 3]. */
export function pictureOf({ config, draw }: DateNetwork, when: Metadata): Float32Array {
  const picture = new Float32Array(config.size ** 2 * 3);
  drawCodes(inputOf(config), draw([when]), picture);
  return picture;
}
