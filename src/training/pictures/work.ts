/** A batch of pictures, as worker threads read, resize and change it. */
import { join } from 'node:path';
import sharp from 'sharp';
import { readPicture, viewOfPicture } from '../../data/pictures/picture.ts';
import type { Sides } from '../../data/pictures/resample.ts';
import type { Batch } from '../../executors/executor.ts';
import { InputError, messageOf } from '../../shared/errors.ts';
import { stream } from '../../shared/random.ts';

// One picture at a time: the threads of the training are the parallel ones.
sharp.concurrency(1);
sharp.cache(false);

export interface PictureTask {
  readonly images: string;
  readonly files: readonly string[];
  /** Targets of the files; they come back with the pictures. */
  readonly y: Float32Array;
  readonly sides: Sides;
  /** Names of augmentations; null: the plain view. */
  readonly change: PictureChange | null;
  /** Of a batch that was used, to be filled again. */
  readonly spent: Uint8Array | null;
}

/** The changes of a picture depend on these and on its place in the training set. */
export interface PictureChange {
  readonly chosen: readonly string[];
  readonly seed: number;
  readonly epoch: number;
  readonly places: readonly number[];
}

/** RGB bytes [files, size, size, 3]. @throws InputError for a picture that cannot be read any more */
export default async function pictureBatch(task: PictureTask): Promise<Batch<Uint8Array>> {
  const { images, files, y, sides, change, spent } = task;
  const each = 3 * sides.size ** 2;
  const x = spent?.length === files.length * each ? spent : new Uint8Array(files.length * each);
  for (const [i, file] of files.entries()) {
    const picture = await readPicture(join(images, file)).catch((error) => {
      throw new InputError(`${file} was read before the training and is not now: ${messageOf(error)}`);
    });
    x.set(viewOfPicture(picture, sides, changeOf(change, i)), i * each);
  }
  return { x, y, count: files.length };
}

const changeOf = (change: PictureChange | null, i: number) =>
  change && {
    chosen: new Set(change.chosen),
    random: stream(change.seed, 'augment', change.epoch, change.places[i]!),
  };

export const transfer = ({ x, y }: Batch<Uint8Array>): ArrayBufferLike[] => [x.buffer, y.buffer];
