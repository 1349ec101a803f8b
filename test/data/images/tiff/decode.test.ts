import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { loadRaster } from '../../../../src/data/images/image.ts';
import { gradient, noise, same } from '../_images.ts';
import { samplesOf, type TiffKind, tiff } from '../_tiff.ts';

const load = (bytes: Buffer) => loadRaster(bytes, 'x.tif', 'native');
const refusal = async (bytes: Buffer): Promise<string> => {
  const failure = await load(bytes).catch((error) => error);
  expect(failure.name).toBe('InputError');
  expect(failure.message).toMatch(/^x\.tif: (?:expected|TIFF|.*JPEG)/);
  expect(failure.message.length).toBeLessThanOrEqual(127);
  return failure.message.slice('x.tif: '.length);
};
const plain = { width: 37, height: 23, bits: 8, samples: 1 };

const kinds = [1, 5, 8, 32773].flatMap((compression) =>
  [1, 2, 4, 8, 10, 12, 14, 16].flatMap((bits) =>
    [undefined, 16].flatMap((tile) =>
      [1, 2, 3, 4].flatMap((samples) =>
        [false, samples > 1].flatMap((planar): TiffKind[] => {
          const kind = { ...plain, compression, bits, tile, samples, planar };
          const differences = bits % 8 === 0 && (compression === 5 || compression === 8);
          return [
            kind,
            { ...kind, order: 'MM' },
            ...(compression === 1 ? [{ ...kind, big: true }] : []),
            ...(differences
              ? ([
                  { ...kind, predictor: true },
                  { ...kind, predictor: true, order: 'MM' },
                ] as const)
              : []),
          ];
        }),
      ),
    ),
  ),
);

describe('samples come as stored', () => {
  test(`${kinds.length} kinds: compression x bits x samples x strips or tiles x planes x byte order x BigTIFF`, async () => {
    for (const kind of kinds) {
      const raster = await load(tiff(kind));
      const { width, height, samples, bits } = kind;
      const depth = bits > 8 ? 16 : 8;
      expect(raster, JSON.stringify(kind)).toMatchObject({ width, height, channels: samples, depth });
      const scale = bits < 8 ? 255 / (2 ** bits - 1) : 1;
      const wanted = samplesOf(kind).map((sample) => sample * scale);
      expect(
        raster.data.every((sample, i) => sample === wanted[i]),
        JSON.stringify(kind),
      ).toBe(true);
    }
  });

  test.each([8, 16])('%i bits whose 0 is white', async (bits) => {
    const kind = { ...plain, bits, photometric: 0 };
    expect([...(await load(tiff(kind))).data]).toEqual(samplesOf(kind));
  });

  test.each([0, 1, 2])('an extra sample of kind %i, in grey and RGB', async (extra) => {
    for (const samples of [2, 4]) {
      const kind = { ...plain, samples, tags: [[338, 3, [extra]]] as const };
      expect([...(await load(tiff(kind))).data]).toEqual(samplesOf(kind));
    }
  });

  test.each([1, 2, 4, 8])('a palette of %i bits, entries of 8 and of 16 bits', async (bits) => {
    const size = 2 ** bits;
    for (const unit of [1, 256]) {
      const map = Array.from({ length: 3 * size }, (_, i) => ((i * 7 + 3) % 256) * unit);
      const kind = { ...plain, bits, photometric: 3, tags: [[320, 3, map]] as const };
      const wanted = samplesOf(kind).flatMap((entry) => [0, 1, 2].map((c) => map[c * size + entry]! / unit));
      const raster = await load(tiff(kind));
      expect(raster).toMatchObject({ channels: 3, depth: 8 });
      expect([...raster.data]).toEqual(wanted);
    }
  });

  test('bits that begin with the lowest', async () => {
    const kind = { ...plain, bits: 1, tags: [[266, 3, [2]]] as const };
    const bits = samplesOf(kind).map((sample) => 255 * sample);
    const raster = await load(tiff(kind));
    const row = (data: ArrayLike<number>, from: number): number[] =>
      Array.from({ length: 8 }, (_, i) => data[from + i]!);
    expect(row(raster.data, 0)).toEqual(row(bits, 0).reverse());
  });
});

describe('files of sharp, with libtiff', () => {
  test.each(['lzw', 'deflate', 'packbits', 'none'] as const)(
    '%s with and without tiles',
    async (compression) => {
      for (const raster of [noise(70, 41, 3, 8, 1), gradient(300, 200, 3, 8)])
        for (const options of [
          {},
          { tile: true, tileWidth: 16, tileHeight: 16 },
          { predictor: 'horizontal' as const },
        ]) {
          const { width, height, data } = raster;
          const image = sharp(data, { raw: { width, height, channels: 3 } });
          expect(same(await load(await image.tiff({ compression, ...options }).toBuffer()), raster)).toBe(
            true,
          );
        }
    },
  );

  test.each([false, true])('JPEG of a smooth picture, in tiles: %s', async (tile) => {
    const { data } = gradient(64, 48, 3, 8);
    const image = sharp(data, { raw: { width: 64, height: 48, channels: 3 } });
    const options = { compression: 'jpeg', quality: 95, tile, tileWidth: 16, tileHeight: 16 } as const;
    const raster = await load(await image.tiff(options).toBuffer());
    expect(raster).toMatchObject({ width: 64, height: 48, channels: 3 });
    expect(Math.max(...raster.data.map((v, i) => Math.abs(v - data[i]!)))).toBeLessThan(12);
  });

  test('CCITT: a stored 0 is 0', async () => {
    const bits = Uint8Array.from({ length: 64 * 40 }, (_, i) => (i % 64 < 20 || i > 1500 ? 255 : 0));
    const image = sharp(bits, { raw: { width: 64, height: 40, channels: 1 } }).toColourspace('b-w');
    for (const miniswhite of [false, true]) {
      const file = await image.clone().tiff({ compression: 'ccittfax4', bitdepth: 1, miniswhite }).toBuffer();
      const raster = await load(file);
      expect(raster).toMatchObject({ width: 64, height: 40, channels: 1, depth: 8 });
      const stored = bits.map((v) => (miniswhite ? 255 - v : v));
      expect(Buffer.from(raster.data).equals(Buffer.from(stored)), String(miniswhite)).toBe(true);
    }
  });
});

describe('what is not read is refused by its name', () => {
  test.each<[number, string]>([
    [6, 'old JPEG'],
    [34661, 'JBIG'],
    [34712, 'JPEG 2000'],
    [33003, 'JPEG 2000'],
    [34887, 'LERC'],
    [34925, 'LZMA'],
    [50000, 'Zstandard'],
    [50001, 'WebP'],
    [50002, 'JPEG XL'],
    [52546, 'JPEG XL'],
    [12345, '12345'],
  ])('compression %i', async (compression, name) => {
    for (const tile of [undefined, 16])
      for (const big of [false, true])
        expect(await refusal(tiff({ ...plain, compression, tile, big }))).toBe(
          `TIFF with compression ${name} is not read; convert it to LZW or Deflate`,
        );
  });

  test.each<[string, Partial<TiffKind>, RegExp]>([
    ['32 bits', { bits: 32 }, /32 bits a sample is not read; convert it to 8 or 16 bits/],
    ['6 bits', { bits: 6 }, /6 bits a sample/],
    ['24 bits', { tags: [[258, 3, [24]]] }, /24 bits a sample/],
    ['64 bits', { tags: [[258, 3, [64]]] }, /64 bits a sample/],
    ['mixed bits', { samples: 3, tags: [[258, 3, [5, 6, 5]]] }, /5, 6, 5 bits a sample/],
    ['signed', { bits: 16, tags: [[339, 3, [2]]] }, /signed 16-bit samples/],
    ['float', { bits: 32, tags: [[339, 3, [3]]] }, /32-bit floating-point samples/],
    ['complex', { bits: 32, tags: [[339, 3, [6]]] }, /complex samples/],
    ['5 samples', { samples: 5 }, /5 samples a pixel is not read; convert it to grey or RGB/],
    ['3 samples of grey', { samples: 3, photometric: 1 }, /3 samples a pixel/],
    ['a palette and alpha', { samples: 2, photometric: 3 }, /a palette beside other samples/],
    ['JPEG and alpha', { samples: 2, compression: 7 }, /JPEG of 2 samples/],
    ['CMYK', { samples: 4, photometric: 5 }, /CMYK is not read; convert it to RGB/],
    ['L*a*b*', { samples: 3, photometric: 8 }, /L\*a\*b\*/],
    ['YCbCr', { samples: 3, photometric: 6 }, /YCbCr samples without JPEG/],
    ['a filter array', { photometric: 32803 }, /colour filter array/],
    ['12-bit JPEG', { bits: 12, compression: 7 }, /12-bit JPEG/],
    ['predictor 3', { bits: 16, compression: 8, tags: [[317, 3, [3]]] }, /predictor 3 of 16-bit samples/],
    ['predictor 2 of 12 bits', { bits: 12, compression: 8, predictor: true }, /predictor 2 of 12-bit/],
    ['a volume', { tags: [[32997, 4, [3]]] }, /got 3 pages or frames/],
  ])('%s', async (_, kind, message) => {
    for (const order of ['II', 'MM'] as const)
      expect(await refusal(tiff({ ...plain, ...kind, order }))).toMatch(message);
  });

  test('pictures in sub-directories, unless they are smaller copies', async () => {
    const file = tiff({ ...plain, tags: [[330, 4, [0]]] });
    const below = (kind: number): Buffer => {
      const out = Buffer.concat([file, Buffer.alloc(18)]);
      out.writeUInt16LE(1, file.length);
      out.writeUInt16LE(254, file.length + 2);
      out.writeUInt16LE(4, file.length + 4);
      out.writeUInt32LE(1, file.length + 6);
      out.writeUInt32LE(kind, file.length + 10);
      out.writeUInt32LE(file.length, file.indexOf(Buffer.from([0x4a, 1, 4, 0])) + 8);
      return out;
    };
    expect(await refusal(below(0))).toMatch(/got 2 pages or frames/);
    expect([...(await load(below(1))).data]).toEqual(samplesOf(plain));
  });
});

describe('damage', () => {
  const compressions = [1, 5, 8, 32773];

  test('a file cut off anywhere is refused, never a crash, never a picture', async () => {
    for (const compression of compressions)
      for (const tile of [undefined, 16]) {
        const whole = tiff({ ...plain, compression, tile });
        for (let length = 8; length < whole.length; length += 7)
          expect(await refusal(whole.subarray(0, length))).toMatch(/damaged/);
      }
  });

  test.each(compressions)(
    'compression %i: an offset or length outside the file, missing data',
    async (compression) => {
      for (const tile of [undefined, 16]) {
        const [at, bytes] = tile ? [324, 325] : [273, 279];
        const count = tile ? 6 : 5;
        const list = (last: number) => Array.from({ length: count }, (_, i) => (i === count - 1 ? last : 16));
        const kind = { ...plain, compression, tile };
        const broken = (tag: number, values: number[]) =>
          refusal(tiff({ ...kind, tags: [[tag, 4, values]] }));
        expect(await broken(at, list(1e9))).toMatch(new RegExp(`${count} of ${count} lies outside the file`));
        expect(await broken(bytes, list(1e9))).toMatch(
          compression === 1 ? /damaged/ : /lies outside the file/,
        );
        expect(await broken(bytes, list(0))).toMatch(/has no data/);
        expect(await broken(at, [16])).toMatch(new RegExp(`1 of ${count} (?:tile|strip)s are there`));
        expect(await broken(bytes, Array(count).fill(9))).toMatch(/damaged/);
      }
    },
  );

  test.each([undefined, 16])(
    'uncompressed, with lengths that say too much or nothing (tiles of %s)',
    async (tile) => {
      const count = tile ? 6 : 5;
      const tag = tile ? 325 : 279;
      const file = tiff({ ...plain, tile, tags: [[tag, 4, Array(count).fill(1e6)]] });
      expect([...(await load(file)).data]).toEqual(samplesOf(plain));
      const without = Buffer.from(tiff({ ...plain, tile }));
      const at = without.indexOf(Buffer.from([tag & 255, tag >> 8, 4, 0, count, 0, 0, 0]));
      without.writeUInt16LE(65000, at);
      expect([...(await load(without)).data]).toEqual(samplesOf(plain));
    },
  );

  test('a tile with one byte changed', async () => {
    const whole = tiff({ ...plain, compression: 8, tile: 16 });
    for (let at = 20; at < 300; at += 11) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 0x55;
      expect(await refusal(changed)).toMatch(/damaged one \(tile \d of 6: /);
    }
  });

  test.each<[string, TiffKind['tags'], RegExp]>([
    ['no width', [[256, 3, [0]]], /no width or height/],
    ['no tiles', [[278, 3, [0]]], /no size/],
    ['too few samples', [[262, 3, [2]]], /too few for its colours/],
    ['a palette that is missing', [[262, 3, [3]]], /palette is too short/],
    ['a width that is a text', [[256, 2, 'ab']], /tag 256 has no readable value/],
  ])('%s', async (_, tags, message) => expect(await refusal(tiff({ ...plain, tags }))).toMatch(message));
});
