/** Every byte as torchvision's transforms give it on Pillow images: test/vectors/pictures.py says how its values were made. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rotated } from '../../../src/data/pictures/augment.ts';
import { centred, resampled } from '../../../src/data/pictures/resample.ts';
import type { Raster } from '../../../src/shared/types.ts';

type Shape = [width: number, height: number, channels: number];
interface Digest {
  readonly shape: Shape;
  readonly size: number;
  readonly sha256: string;
  readonly first: number[];
}
interface Vectors {
  readonly centred: readonly (Digest & { readonly resize: number })[];
  readonly cropped: readonly (Digest & { readonly box: [number, number, number, number] })[];
  readonly rotated: readonly { readonly shape: Shape; readonly angle: number; readonly bytes: number[] }[];
}
const vectors = JSON.parse(
  readFileSync(new URL('../../vectors/pictures.json', import.meta.url), 'utf8'),
) as Vectors;

function picture([width, height, channels]: Shape): Raster {
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++)
        data[at++] =
          7 * x + 13 * y + 29 * c + ((x * y) % 251) + 40 * ((Math.floor(x / 9) + Math.floor(y / 5)) % 3);
  return { width, height, channels, depth: 8, data };
}

const digest = ({ data }: Raster) => ({
  sha256: createHash('sha256').update(data).digest('hex'),
  first: [...data.subarray(0, 12)],
});

describe('Resize and CenterCrop', () => {
  test.each(vectors.centred)('$shape to $resize, $size', ({ shape, resize, size, sha256, first }) => {
    expect(digest(centred(picture(shape), { size, resize }))).toEqual({ sha256, first });
  });
});

describe('resized_crop', () => {
  test.each(vectors.cropped)('$shape, $box to $size', ({ shape, box, size, sha256, first }) => {
    const [left, top, width, height] = box;
    expect(digest(resampled(picture(shape), size, size, { left, top, width, height }))).toEqual({
      sha256,
      first,
    });
  });
});

test.each(vectors.rotated)(
  'rotate by $angle degrees: within one level of Pillow',
  ({ shape, angle, bytes }) => {
    const { data } = rotated(picture(shape), angle);
    const differences = bytes.map((level, i) => Math.abs(level - data[i]!));
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  },
);
