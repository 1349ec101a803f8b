/** First contact with a cipher: which pictures it takes, how long it needs, whether it answers twice alike. */

import { noisePicture } from '../attacks/black-box/_samples.ts';
import { agreement } from '../attacks/images.ts';
import { type Shape, sameShape } from '../cipher/index.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import type { Raster } from '../shared/types.ts';
import { type Bench, encryptWith, trialKey } from './laboratory.ts';

export interface Probe {
  /** Of the pictures that attacks send. */
  readonly shape: Shape;
  readonly deterministic: boolean;
  /** One picture gives cipher pictures of one size. */
  readonly steadySize: boolean;
  /** A cipher picture has the shape of its plain picture. */
  readonly sameShape: boolean;
  readonly cipherShape: Shape;
}

const square = (side: number, channels: number): Shape => ({ width: side, height: side, channels, depth: 8 });

/** Small pictures first: queries are many. */
const candidates = [
  square(64, 1),
  square(128, 1),
  square(256, 1),
  square(512, 1),
  square(64, 3),
  square(256, 3),
  square(512, 3),
];

/**
 * @param own a picture of the user's, whose shape is tried last
 * @throws InputError with the program's first reason if it takes no picture at all, or does not start or end
 */
export async function probe(bench: Bench, own?: Raster): Promise<Probe> {
  const reasons: string[] = [];
  for (const shape of [...candidates, ...(own ? [shapeOnly(own)] : [])])
    try {
      return await meet(bench, shape);
    } catch (error) {
      reasons.push(messageOf(error));
      if (hopeless.test(messageOf(error))) break;
    }
  throw new InputError(
    hopeless.test(reasons[0]!)
      ? reasons[0]!
      : `the cipher takes no picture of 64x64 to 512x512, grey or RGB; ${reasons[0]}`,
  );
}

/** Other shapes will not help. */
const hopeless = /^cannot start|did not end within|no reply within/;

async function meet(bench: Bench, shape: Shape): Promise<Probe> {
  const plain = noisePicture(shape, bench.seed, 'probe');
  const key = trialKey(bench.seed, 0, bench.keyBytes);
  const answers: Raster[] = [];
  for (let k = 0; k < 3; k++) answers.push((await encryptWith(bench, plain, key)).image);
  const [first] = answers as [Raster];
  const steadySize = answers.every((one) => sameShape(one, first));
  return {
    shape,
    deterministic: steadySize && answers.every((one) => agreement(one, first) === 1),
    steadySize,
    sameShape: sameShape(plain, first),
    cipherShape: shapeOnly(first),
  };
}

const shapeOnly = ({ width, height, channels, depth }: Shape): Shape => ({
  width,
  height,
  channels,
  depth,
});
