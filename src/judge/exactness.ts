/** Decryption on trial: does it give back every picture, to the bit? */
import { constantPicture, noisePicture } from '../attacks/black-box/_samples.ts';
import { type Shape, sameShape } from '../cipher/index.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { mean } from '../shared/stats.ts';
import type { Raster } from '../shared/types.ts';
import { type Bench, encryptWith, photoOf, trialKey } from './laboratory.ts';

export interface ExactRow {
  readonly picture: string;
  /** Share of the samples that come back wrong; 1 for a picture of another size; null where decryption failed. */
  readonly wrong: number | null;
  readonly why?: string;
}

export interface Exactness {
  readonly exact: boolean;
  readonly rows: readonly ExactRow[];
  readonly meanWrong: number;
}

/** The last sample differs: Octave and others read a picture of pure black or white as truth values. */
function nearly(picture: Raster): Raster {
  picture.data[picture.data.length - 1]! ^= 1;
  return picture;
}

/** Pictures that are hard for lossy ciphers: extremes, noise, a photograph. */
const picturesOf = (shape: Shape, seed: number): Record<string, Raster> => ({
  photograph: photoOf(shape, seed),
  noise: noisePicture(shape, seed, 'exact'),
  black: nearly(constantPicture(shape, 0)),
  white: nearly(constantPicture(shape, 2 ** shape.depth - 1)),
});

/** @throws InputError without a decryption, or if it fails every time */
export async function exactness(bench: Bench, shape: Shape): Promise<Exactness> {
  if (!bench.cipher.decrypt)
    throw new InputError('no decryption is given; add --decrypt to test whether it is exact');
  const rows: ExactRow[] = [];
  for (const [picture, plain] of Object.entries(picturesOf(shape, bench.seed)))
    for (const k of [0, 1]) rows.push({ picture, ...(await oneWay(bench, plain, k)) });
  const [failed] = rows.filter(({ wrong }) => wrong === null);
  if (failed && rows.every(({ wrong }) => wrong === null)) throw new InputError(failed.why!);
  return {
    exact: rows.every(({ wrong }) => wrong === 0),
    rows,
    meanWrong: mean(rows.map(({ wrong }) => wrong ?? 1)),
  };
}

async function oneWay(bench: Bench, plain: Raster, k: number): Promise<Omit<ExactRow, 'picture'>> {
  const key = trialKey(bench.seed, k, bench.keyBytes);
  const { image, extra } = await encryptWith(bench, plain, key);
  try {
    const back = await bench.cipher.decrypt!(image, key, extra);
    if (!sameShape(back, plain)) {
      const why = `decrypt gives ${back.width}x${back.height}x${back.channels} for ${plain.width}x${plain.height}x${plain.channels}`;
      return { wrong: 1, why };
    }
    return { wrong: mean(Array.from(plain.data, (value, at) => (value === back.data[at] ? 0 : 1))) };
  } catch (error) {
    return { wrong: null, why: messageOf(error) };
  }
}
