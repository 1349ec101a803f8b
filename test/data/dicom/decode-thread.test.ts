/** Damaged streams, and good ones after them in the same process. */
import { expect, test } from 'vitest';
import { decodeDicom } from '../../../src/data/dicom/image.ts';
import { stream } from '../../../src/shared/random.ts';
import { dicom, type Syntax } from './_dicom.ts';

const compressed: Syntax[] = ['rle', 'jpegLossless', 'jpegLs', 'jpeg2000', 'htJpeg2000'];
const words = Uint16Array.from({ length: 64 * 48 }, (_, i) => (37 * i + (i >> 5)) & 0xfff);
const picture = { width: 64, height: 48, words, stored: 12 };

/** Noise in place of some bytes of the second half, which is the stream. */
function damaged(file: Buffer, seed: number): Buffer {
  const random = stream(seed, 'damaged');
  const bytes = Buffer.from(file);
  const start = Math.floor(bytes.length / 2) + random.int(bytes.length >> 3);
  for (let i = 0; i < 40; i++) bytes[start + i] = random.int(256);
  return bytes;
}

test.each(compressed)('%s: what damaged streams lead to ends with them', async (syntax) => {
  const good = await dicom(picture, syntax);
  for (const seed of [1, 2, 3]) await decodeDicom(damaged(good, seed), 'damaged.dcm').catch(() => undefined);
  const { raster } = await decodeDicom(good, 'good.dcm');
  expect(Buffer.from(raster.data.buffer).equals(Buffer.from(words.buffer))).toBe(true);
});
