/**
 * Visible plaintext: bits of the picture that stand in the cipher picture as they are, or inverted. The plain pictures are noise,
 * so that an agreement above chance is the cipher's doing. Each bit plane is tested under four keys.
 */
import type { Raster } from '../../shared/types.ts';
import { percent } from '../images.ts';
import { binomialZ, certain, checkOneSize, noisePicture } from './_samples.ts';
import type { BlackBoxAttack, Finding, Laboratory } from './types.ts';

const keys = 4;

/** Agreement of each plain bit plane with the same plane of the cipher, moved by an offset. */
function visiblePlanes(pairs: readonly { plain: Raster; cipher: Raster }[], offset: number) {
  const { depth } = pairs[0]!.plain;
  return Array.from({ length: depth }, (_, plane) => {
    let [same, n] = [0, 0];
    for (const { plain, cipher } of pairs)
      for (let i = 0; i < plain.data.length && i + offset < cipher.data.length; i++) {
        n++;
        if ((((plain.data[i]! ^ cipher.data[i + offset]!) >> plane) & 1) === 0) same++;
      }
    return {
      plane,
      offset,
      share: Math.abs((2 * same) / Math.max(1, n) - 1),
      z: Math.abs(binomialZ(same, n, 0.5)),
    };
  });
}

async function run(laboratory: Laboratory): Promise<Finding> {
  const { shape, seed } = laboratory;
  const pairs: { plain: Raster; cipher: Raster }[] = [];
  for (let k = 0; k < keys; k++) {
    const plain = noisePicture(shape, seed, 'visible', k);
    const [cipher] = (await laboratory.oracle(200 + k).encrypt([plain])) as [Raster];
    pairs.push({ plain, cipher });
  }
  checkOneSize(pairs.map(({ cipher }) => cipher));
  const surplus = Math.max(0, pairs[0]!.cipher.data.length - pairs[0]!.plain.data.length);
  const planes = [...new Set([0, surplus])].flatMap((offset) => visiblePlanes(pairs, offset));
  const seen = planes.filter(({ z }) => z > certain);
  const broken = seen.length > 0;
  const best = planes.reduce((most, next) => (next.z > most.z ? next : most));
  const photo = laboratory.photo(0);
  const [cipher] = broken ? ((await laboratory.oracle(200).encrypt([photo])) as [Raster]) : [null];
  return {
    broken,
    queries: broken ? 1 : keys,
    share: broken ? seen.reduce((sum, { share }) => sum + share, 0) / pairs[0]!.plain.depth : 0,
    finding: broken
      ? `bits of the picture stand in the cipher picture: ${percent(best.share)} more than chance of bit plane ${best.plane}${seen.length > 1 ? `, and ${seen.length - 1} other planes` : ''}`
      : `no bit plane of the picture stands in the cipher picture (${keys} keys)`,
    details: { planes },
    ...(cipher && { pictures: { cipher, plain: photo } }),
  };
}

export const visible: BlackBoxAttack = {
  idea: 'looks for bits of the picture that stand in the cipher picture as they are',
  queries: () => keys + 1,
  run,
};
