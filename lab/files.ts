/** A file that the visitor chose or dropped, to samples. */
import { InputError } from '../src/shared/errors.ts';
import type { Raster } from '../src/shared/types.ts';
import { isDicom, readDicom } from './read-dicom.ts';
import { isPng, readPng } from './read-png.ts';

const mostPixels = 2 ** 24;

const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

/**
 * The exact samples of a PNG or an uncompressed DICOM file; those of a JPEG as the browser decodes it.
 * @throws InputError for another kind, a damaged file, or too many pixels
 */
export async function readPicture(file: File, isCipher = false): Promise<Raster> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const raster = await rasterOf(bytes, file, isCipher);
  if (raster.width * raster.height <= mostPixels) return raster;
  throw new InputError(
    `${file.name}: expected at most ${mostPixels / 2 ** 20} million pixels; choose a smaller picture`,
  );
}

async function rasterOf(bytes: Uint8Array<ArrayBuffer>, file: File, isCipher: boolean): Promise<Raster> {
  if (isPng(bytes)) return readPng(bytes, file.name);
  if (isDicom(bytes)) return readDicom(bytes, file.name);
  if (!isJpeg(bytes))
    throw new InputError(`${file.name}: expected a PNG, JPEG or DICOM picture; convert it to PNG`);
  if (isCipher)
    throw new InputError(
      `${file.name} is a JPEG, which is lossy: a cipher picture in it cannot be decrypted; save it as PNG`,
    );
  return readJpeg(file);
}

/** RGB, or one channel where all pixels are grey. */
async function readJpeg(file: File): Promise<Raster> {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none' }).catch(() => null);
  if (!bitmap)
    throw new InputError(`${file.name}: the JPEG is damaged, or of a kind that this browser does not read`);
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = Array.from({ length: width * height }, (_, at) => 4 * at);
  if (pixels.every((at) => data[at] === data[at + 1] && data[at] === data[at + 2]))
    return { width, height, channels: 1, depth: 8, data: Uint8Array.from(pixels, (at) => data[at]!) };
  const rgb = new Uint8Array(3 * width * height);
  pixels.forEach((at, k) => {
    rgb.set(data.subarray(at, at + 3), 3 * k);
  });
  return { width, height, channels: 3, depth: 8, data: rgb };
}

/** Every k-th pixel, so that no side is longer than `most`; k is 1 for a small picture. */
export function thinned(raster: Raster, most: number): { readonly raster: Raster; readonly step: number } {
  const step = Math.ceil(Math.max(raster.width, raster.height) / most);
  if (step === 1) return { raster, step };
  const { channels, depth, data } = raster;
  const [width, height] = [Math.ceil(raster.width / step), Math.ceil(raster.height / step)];
  const out =
    depth === 8 ? new Uint8Array(width * height * channels) : new Uint16Array(width * height * channels);
  for (let i = 0, to = 0; i < height; i++)
    for (let j = 0; j < width; j++)
      for (let c = 0; c < channels; c++)
        out[to++] = data[(i * step * raster.width + j * step) * channels + c]!;
  return { raster: { width, height, channels, depth, data: out }, step };
}
