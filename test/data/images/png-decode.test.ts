/** `decodePlainPng` against its slow twin, `loadRaster`. */
import zlib from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { encodePng, loadRaster } from '../../../src/data/images/image.ts';
import { chunk } from '../../../src/data/images/png.ts';
import { decodePlainPng } from '../../../src/data/images/png-decode.ts';
import type { Depth } from '../../../src/shared/types.ts';
import { gradient, noise, png, same, withChunk } from './_images.ts';

const kinds = [1, 2, 3, 4].flatMap((channels) => [8, 16].map((depth) => [channels, depth as Depth] as const));

describe.each(kinds)('%i channels of %i bits', (channels, depth) => {
  test('noise and a gradient, as our own writer stores them', async () => {
    for (const raster of [noise(13, 9, channels, depth, 1), gradient(40, 30, channels, depth)])
      expect(same(decodePlainPng(await encodePng(raster), 'a')!, raster)).toBe(true);
  });

  test('every filter, row by row, agrees with sharp', async () => {
    // Five filters in turn over noise: what they decode to is of no matter, only that both agree.
    const stride = (7 * channels * depth) / 8;
    const bytes = noise(stride, 25, 1, 8, 2).data;
    const rows = Array.from({ length: 25 }, (_, y) => [...bytes.subarray(y * stride, (y + 1) * stride)]);
    const file = filtered(png(7, depth, [0, 4, 2, 6][channels - 1]!, rows), (y) => y % 5);
    expect(same(decodePlainPng(file, 'a')!, await loadRaster(file, 'a', 'native'))).toBe(true);
  });
});

/** The file with other filter types before its rows. */
function filtered(file: Buffer, type: (row: number) => number): Buffer {
  const { inflateSync, deflateSync } = zlib;
  const at = file.indexOf('IDAT');
  const rows = inflateSync(file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4)));
  const stride = rows.length / file.readUInt32BE(20);
  for (let y = 0; y * stride < rows.length; y++) rows[y * stride] = type(y);
  return Buffer.concat([file.subarray(0, 33), chunk('IDAT', deflateSync(rows)), file.subarray(-12)]);
}

describe('what is left to sharp', async () => {
  const file = await encodePng(gradient(9, 9, 3, 8));
  const raw = sharp(noise(9, 9, 3, 8, 1).data, { raw: { width: 9, height: 9, channels: 3 } });
  const flipped = Buffer.from(file);
  flipped[50]! ^= 1;
  test.each<[string, Buffer]>([
    ['interlaced', await raw.clone().png({ progressive: true }).toBuffer()],
    ['a palette', await raw.clone().png({ palette: true }).toBuffer()],
    ['tRNS', withChunk(file, 'tRNS', Buffer.alloc(6))],
    ['a flipped bit', flipped],
    ['no IEND', file.subarray(0, -12)],
    ['cut off', file.subarray(0, 60)],
    ['a filter that there is not', filtered(png(2, 8, 0, [[1, 2]]), () => 5)],
    [
      'too few rows',
      Buffer.concat([
        file.subarray(0, 33),
        chunk('IDAT', zlib.deflateSync(Buffer.alloc(8))),
        file.subarray(-12),
      ]),
    ],
    ['a JPEG', await raw.clone().jpeg().toBuffer()],
    ['nothing', Buffer.alloc(0)],
  ])('%s', (_, bytes) => {
    expect(decodePlainPng(bytes, 'a')).toBeNull();
  });
});
