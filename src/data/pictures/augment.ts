/**
 * Random changes of training pictures. All draws of a picture come from one stream, in the order crop, flip, rotate,
 * intensity; a change that is not chosen draws nothing.
 */
import type { Random } from '../../shared/random.ts';
import type { Raster } from '../../shared/types.ts';
import { type Box, centred, resampled, type Sides } from './resample.ts';

export const augmentations = ['crop', 'flip', 'rotate', 'intensity'] as const;

/** Share of the area that a random crop takes, and its ratio of width to height. */
const area = [0.5, 1] as const;
const ratio = [3 / 4, 4 / 3] as const;
/** Degrees to either side. */
const degrees = 10;
/** Factors of brightness and of contrast lie within 1 +- this. */
const strength = 0.2;

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.next();

/** An 8-bit picture, changed by chance: size x size. Without `crop` its place is that of `centred`. */
export function augmented(
  picture: Raster,
  sides: Sides,
  chosen: ReadonlySet<string>,
  random: Random,
): Raster {
  const { size } = sides;
  let out = chosen.has('crop')
    ? resampled(picture, size, size, randomBox(picture, random))
    : centred(picture, sides);
  if (chosen.has('flip') && random.next() < 0.5) out = flipped(out);
  if (chosen.has('rotate')) out = rotated(out, between(random, -degrees, degrees));
  if (chosen.has('intensity')) out = shaded(out, random);
  return out;
}

/** As torchvision's RandomResizedCrop: ten tries, then the greatest centred part of a ratio in the range. */
function randomBox({ width, height }: Raster, random: Random): Box {
  for (let attempt = 0; attempt < 10; attempt++) {
    const pixels = width * height * between(random, ...area);
    const shape = Math.exp(between(random, Math.log(ratio[0]), Math.log(ratio[1])));
    const [w, h] = [Math.round(Math.sqrt(pixels * shape)), Math.round(Math.sqrt(pixels / shape))];
    if (w > 0 && h > 0 && w <= width && h <= height)
      return { left: random.int(width - w + 1), top: random.int(height - h + 1), width: w, height: h };
  }
  const w = Math.min(width, Math.round(height * ratio[1]));
  const h = Math.min(height, Math.round(width / ratio[0]));
  return { left: (width - w) >> 1, top: (height - h) >> 1, width: w, height: h };
}

/** Left to right. */
function flipped(picture: Raster): Raster {
  const { width, height, channels, data: from } = picture;
  const data = new Uint8Array(from.length);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = width - 1; x >= 0; x--)
      for (let c = 0; c < channels; c++) data[to++] = from[(y * width + x) * channels + c]!;
  return { ...picture, data };
}

/** Counter-clockwise about the centre, bilinear as Pillow's `rotate`; black where the picture does not reach. */
export function rotated(picture: Raster, angle: number): Raster {
  const { width, height, channels } = picture;
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const data = new Uint8Array(picture.data.length);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += channels) {
      const [dx, dy] = [x + 0.5 - width / 2, y + 0.5 - height / 2];
      const [u, v] = [cos * dx - sin * dy + width / 2, sin * dx + cos * dy + height / 2];
      if (u >= 0 && v >= 0 && u < width && v < height) blend(picture, u - 0.5, v - 0.5, data, to);
    }
  return { ...picture, data };
}

/** The picture between its pixels; the pixels at its edges go on outside. */
function blend(
  { data, width, height, channels }: Raster,
  u: number,
  v: number,
  out: Uint8Array,
  to: number,
): void {
  const [x, y] = [Math.floor(u), Math.floor(v)];
  const [right, down] = [u - x, v - y];
  const [x0, x1] = [Math.max(0, x) * channels, Math.min(width - 1, x + 1) * channels];
  const [y0, y1] = [Math.max(0, y) * width * channels, Math.min(height - 1, y + 1) * width * channels];
  for (let c = 0; c < channels; c++) {
    const above = data[y0 + x0 + c]! * (1 - right) + data[y0 + x1 + c]! * right;
    const below = data[y1 + x0 + c]! * (1 - right) + data[y1 + x1 + c]! * right;
    out[to + c] = above * (1 - down) + below * down;
  }
}

/** Brightness, then contrast about the mean, by a table of all 256 levels. */
function shaded(picture: Raster, random: Random): Raster {
  const brightness = between(random, 1 - strength, 1 + strength);
  const contrast = between(random, 1 - strength, 1 + strength);
  let sum = 0;
  for (const level of picture.data) sum += level;
  const centre = (brightness * sum) / picture.data.length;
  const table = Uint8ClampedArray.from(
    { length: 256 },
    (_, level) => centre + contrast * (brightness * level - centre),
  );
  return { ...picture, data: Uint8Array.from(picture.data, (level) => table[level]!) };
}
