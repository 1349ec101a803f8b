import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { encodePng, loadRaster, resizeRaster, toRgb } from '../../../src/data/images/image.ts';
import { chunk, pngChunks } from '../../../src/data/images/png.ts';
import type { Depth } from '../../../src/shared/types.ts';
import { bytesOf, gradient, noise, png, same, withChunk } from './_images.ts';

const load = (bytes: Buffer) => loadRaster(bytes, 'x.png', 'native');
const palette = chunk('PLTE', Buffer.from([1, 2, 3, 4, 5, 6, 9, 9, 9]));

describe('PNG samples come as stored', () => {
  test.each<[string, Buffer, number, Depth, number[]]>([
    ['grey 8', png(4, 8, 0, [[1, 2, 3, 200]]), 1, 8, [1, 2, 3, 200]],
    ['grey 1 bit', png(8, 1, 0, [[0b10110010]]), 1, 8, [255, 0, 255, 255, 0, 0, 255, 0]],
    ['grey 2 bits', png(4, 2, 0, [[0b00011011]]), 1, 8, [0, 85, 170, 255]],
    ['grey 4 bits', png(2, 4, 0, [[0x3c]]), 1, 8, [51, 204]],
    ['grey 16', png(2, 16, 0, [[1, 2, 171, 205]]), 1, 16, [258, 43981]],
    ['grey + alpha 8', png(2, 8, 4, [[1, 2, 171, 0]]), 2, 8, [1, 2, 171, 0]],
    ['grey + alpha 16', png(1, 16, 4, [[1, 2, 0, 1]]), 2, 16, [258, 1]],
    ['RGB 8', png(2, 8, 2, [[1, 2, 3, 4, 5, 6]]), 3, 8, [1, 2, 3, 4, 5, 6]],
    ['RGB 16', png(1, 16, 2, [[1, 2, 3, 4, 5, 6]]), 3, 16, [258, 772, 1286]],
    ['RGBA 8, alpha 0', png(2, 8, 6, [[1, 2, 3, 0, 4, 5, 6, 7]]), 4, 8, [1, 2, 3, 0, 4, 5, 6, 7]],
    ['RGBA 16', png(1, 16, 6, [[1, 2, 3, 4, 5, 6, 0, 1]]), 4, 16, [258, 772, 1286, 1]],
    ['palette', png(3, 8, 3, [[0, 1, 2]], [palette]), 3, 8, [1, 2, 3, 4, 5, 6, 9, 9, 9]],
    [
      'palette with alpha',
      png(2, 8, 3, [[0, 1]], [palette, chunk('tRNS', Buffer.from([0, 128]))]),
      4,
      8,
      [1, 2, 3, 0, 4, 5, 6, 128],
    ],
    [
      'grey with gAMA 1.0',
      png(3, 8, 0, [[1, 90, 200]], [chunk('gAMA', Buffer.from([0, 1, 134, 160]))]),
      1,
      8,
      [1, 90, 200],
    ],
  ])('%s', async (_, file, channels, depth, samples) => {
    const raster = await load(file);
    expect(raster).toMatchObject({ channels, depth });
    expect(Array.from(raster.data)).toEqual(samples);
  });

  test('an embedded colour profile changes nothing', async () => {
    const plain = noise(16, 16, 3, 8, 1);
    const p3 = await sharp(Buffer.alloc(3), { raw: { width: 1, height: 1, channels: 3 } })
      .withIccProfile('p3')
      .png()
      .toBuffer();
    const profile = [...pngChunks(p3)].find(({ type }) => type === 'iCCP')!;
    const bare = await encodePng(plain);
    const file = Buffer.concat([bare.subarray(0, 33), chunk('iCCP', profile.data), bare.subarray(33)]);
    const converted = await sharp(file).raw().toBuffer();
    expect(converted.equals(bytesOf(plain))).toBe(false); // so the test can fail
    expect(same(await load(file), plain)).toBe(true);
  });

  test('an orientation changes nothing', async () => {
    const raw = { width: 3, height: 2, channels: 3 as const };
    const file = await sharp(Buffer.alloc(18, 7), { raw }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await load(file)).toMatchObject({ width: 3, height: 2 });
  });
});

describe('other formats', () => {
  const rgb = noise(9, 5, 3, 8, 2);
  const raw = sharp(rgb.data, { raw: { width: 9, height: 5, channels: 3 } });

  test('lossless ones give the same samples', async () => {
    expect(same(await load(await raw.clone().tiff({ compression: 'lzw' }).toBuffer()), rgb)).toBe(true);
    expect(same(await load(await raw.clone().webp({ lossless: true }).toBuffer()), rgb)).toBe(true);
  });

  test('a GIF gives RGB or RGBA', async () => {
    const raster = await load(await raw.clone().gif().toBuffer());
    expect(raster).toMatchObject({ width: 9, height: 5, depth: 8 });
    expect([3, 4]).toContain(raster.channels);
  });

  test('16-bit TIFF, grey and RGB', async () => {
    for (const channels of [1, 3] as const) {
      const wide = noise(6, 7, channels, 16, 3);
      const file = await sharp(wide.data, { raw: { width: 6, height: 7, channels } })
        .toColourspace(channels === 1 ? 'grey16' : 'rgb16')
        .tiff({ compression: 'none' })
        .toBuffer();
      expect(same(await load(file), wide)).toBe(true);
    }
  });

  test('a grey JPEG has one channel, and three equal ones as rgb', async () => {
    const file = await sharp(gradient(16, 16, 1, 8).data, { raw: { width: 16, height: 16, channels: 1 } })
      .toColourspace('b-w')
      .jpeg()
      .toBuffer();
    const grey = await load(file);
    expect(grey.channels).toBe(1);
    const tripled = await loadRaster(file, 'x.jpg', 'rgb');
    expect(Array.from(tripled.data)).toEqual(Array.from(grey.data).flatMap((v) => [v, v, v]));
  });
});

describe('as rgb', () => {
  test.each<[number, Depth, number[], number[]]>([
    [1, 8, [5], [5, 5, 5]],
    [2, 16, [500, 0], [500, 500, 500]],
    [3, 8, [1, 2, 3], [1, 2, 3]],
    [4, 16, [1, 2, 3, 0], [1, 2, 3]],
  ])('%i channels of %i bits', (channels, depth, from, to) => {
    const data = depth === 16 ? Uint16Array.from(from) : Uint8Array.from(from);
    const rgb = toRgb({ width: 1, height: 1, channels, depth, data });
    expect([rgb.channels, rgb.depth, ...rgb.data]).toEqual([3, depth, ...to]);
  });
});

describe('encodePng', () => {
  const shapes = [1, 2, 3, 4].flatMap((channels) =>
    ([8, 16] as Depth[]).flatMap((depth) =>
      [
        [1, 1],
        [1, 7],
        [13, 1],
        [37, 21],
        [300, 150],
      ].map(([width, height]) => [width!, height!, channels, depth] as const),
    ),
  );

  test.each(shapes)(
    '%ix%i, %i channels, %i bits: read again it is the same',
    async (w, h, channels, depth) => {
      for (const raster of [noise(w, h, channels, depth, 4), gradient(w, h, channels, depth)]) {
        expect(same(await load(await encodePng(raster)), raster)).toBe(true);
      }
    },
  );

  test('writes IHDR, IDAT and IEND and nothing else, CRCs right', async () => {
    for (const raster of [noise(64, 64, 3, 8, 5), gradient(64, 64, 1, 16)]) {
      const chunks = [...pngChunks(await encodePng(raster))];
      expect(chunks.map(({ type }) => type)).toEqual(['IHDR', 'IDAT', 'IEND']);
      expect(chunks.every(({ intact }) => intact)).toBe(true);
    }
  });

  test.each([0, 5])('%i channels are refused', async (channels) => {
    await expect(encodePng({ ...noise(2, 2, 1, 8, 0), channels })).rejects.toThrow(
      /"channels" expected 1 to 4/,
    );
  });

  test('too few samples are refused', async () => {
    await expect(encodePng({ ...noise(2, 2, 1, 8, 0), height: 3 })).rejects.toThrow(/= 6 > 0 samples, got 4/);
  });

  test('stores noise, compresses pictures', async () => {
    expect((await encodePng(noise(200, 200, 1, 8, 6))).length).toBeLessThan(40_400);
    expect((await encodePng(gradient(200, 200, 1, 8))).length).toBeLessThan(1_000);
  });
});

describe('resizeRaster', () => {
  test.each([
    [1, 8],
    [2, 8],
    [3, 8],
    [4, 8],
    [1, 16],
    [2, 16],
    [3, 16],
    [4, 16],
  ] as const)('%i channels of %i bits keep a constant', async (channels, depth) => {
    const level = depth === 16 ? 40_000 : 200;
    const data = noise(20, 10, channels, depth, 7).data.fill(level);
    const out = await resizeRaster({ width: 20, height: 10, channels, depth, data }, 33, 47);
    expect(out).toMatchObject({ width: 33, height: 47, channels, depth });
    expect(out.data.length).toBe(33 * 47 * channels);
    expect(out.data.every((v) => v === level)).toBe(true);
  });

  test('colours under alpha 0 stay', async () => {
    const data = Uint8Array.from({ length: 256 }, (_, i) => [200, 100, 50, 0][i % 4]!);
    const out = await resizeRaster({ width: 8, height: 8, channels: 4, depth: 8, data }, 5, 9);
    expect(out.data.every((v, i) => v === [200, 100, 50, 0][i % 4])).toBe(true);
  });

  test('16 bits are not narrowed to 8 on the way', async () => {
    const data = Uint16Array.from({ length: 64 * 64 }, (_, i) => 30_000 + (i % 64));
    const out = await resizeRaster({ width: 64, height: 64, channels: 1, depth: 16, data }, 128, 128);
    expect(Math.min(...out.data)).toBeGreaterThan(29_990);
    expect(Math.max(...out.data)).toBeLessThan(30_073);
    expect(new Set(out.data).size).toBeGreaterThan(40);
  });

  test.each([0, -1, 1.5, Number.NaN])('a side of %s is refused', async (side) => {
    await expect(resizeRaster(noise(2, 2, 1, 8, 0), side, 4)).rejects.toThrow(/"width" expected a positive/);
  });
});

describe('wrong files, each one sentence that names the file', async () => {
  const file = await encodePng(gradient(40, 40, 1, 8));
  const raw = { raw: { width: 40, height: 40, channels: 3 as const } };
  const grey = sharp(Buffer.alloc(4800, 90), raw);
  const jpeg = await grey.clone().jpeg().toBuffer();
  const tiff = await grey.clone().tiff({ compression: 'lzw' }).toBuffer();
  const gif = await sharp(noise(40, 40, 3, 8, 1).data, raw)
    .gif()
    .toBuffer();
  const webp = await sharp(noise(40, 40, 3, 8, 1).data, raw)
    .webp()
    .toBuffer();
  const pages = await sharp(noise(40, 40, 3, 8, 2).data, { raw: { ...raw.raw, pageHeight: 20 } })
    .gif()
    .toBuffer();
  const flipped = Buffer.from(file);
  flipped[50]! ^= 1;
  const huge = Buffer.from(file);
  huge.writeUInt32BE(100_000, 16);
  huge.writeUInt32BE(100_000, 20);
  const cuts = (name: string, whole: Buffer): [string, Buffer, RegExp][] =>
    [1, 12, Math.floor(whole.length / 2), whole.length - 14].map((cut) => [
      `${name} less ${cut} bytes`,
      whole.subarray(0, whole.length - cut),
      /expected a whole \w+ image, got a damaged one/,
    ]);

  test.each<[string, Buffer, RegExp]>([
    ['an empty file', Buffer.alloc(0), /got an empty file/],
    ['text', Buffer.from('hello, this is no image'), /expected a PNG, JPEG, TIFF, GIF, WebP or DICOM image/],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), /another kind/],
    ['a flipped bit in PNG data', flipped, /damaged/],
    [
      'a CMYK JPEG',
      await grey.clone().toColourspace('cmyk').jpeg().toBuffer(),
      /JPEG of colour space CMYK is not read; convert it to RGB/,
    ],
    [
      'float samples',
      await grey.clone().toColourspace('scrgb').tiff({ compression: 'none' }).toBuffer(),
      /./,
    ],
    ['an animated GIF', pages, /2 pages or frames/],
    [
      '100000x100000 pixels',
      Buffer.concat([huge.subarray(0, 8), rechunked(huge), huge.subarray(33)]),
      /expected at most \d+ MB when decoded/,
    ],
    ...cuts('PNG', file),
    ...cuts('JPEG', jpeg),
    ...cuts('GIF', gif).slice(1), // its last byte is a trailer, all pixels are there
    ...cuts('WebP', webp),
    ...cuts('TIFF', tiff),
  ])('%s', async (_, bytes, message) => {
    const failure = await loadRaster(bytes, 'folder/a.png', 'native').catch((error) => error);
    expect(failure.message).toMatch(message);
    expect(failure.name).toBe('InputError');
    expect(failure.message).toMatch(/^folder\/a\.png: (?:expected .*|.* is not read); .+/);
  });
});

describe('GIF and WebP', async () => {
  const image = sharp(noise(40, 40, 3, 8, 1).data, { raw: { width: 40, height: 40, channels: 3 } });
  const gif = await image.clone().gif().toBuffer();
  const webps = [
    await image.clone().webp().toBuffer(),
    await image.clone().webp({ lossless: true }).toBuffer(),
  ];
  const refused = async (bytes: Buffer) =>
    expect((await load(bytes).catch((error) => error)).message).toMatch(/damaged|pages or frames/);

  test('missing picture data are damage, with a trailer and right lengths too', async () => {
    for (const share of [0.3, 0.6, 0.9, 0.99]) {
      await refused(Buffer.concat([gif.subarray(0, Math.floor(gif.length * share)), Buffer.from([0, 0x3b])]));
      for (const webp of webps) {
        const cut = Buffer.from(webp.subarray(0, 2 * Math.floor((webp.length * share) / 2)));
        cut.writeUInt32LE(cut.length - 8, 4);
        cut.writeUInt32LE(cut.length - 20, 16);
        await refused(cut);
      }
    }
  });

  test('further frames of a GIF, damaged ones too', async () => {
    const frame = gif.subarray(gif.indexOf(Buffer.from([0x2c, 0, 0, 0, 0])), -1);
    const both = (second: Buffer) => Buffer.concat([gif.subarray(0, -1), second, Buffer.from([0x3b])]);
    await refused(both(frame));
    await refused(both(frame.subarray(0, 200)));
    const empty = Buffer.from(frame);
    empty.writeUInt16LE(0, 5);
    await refused(both(empty));
  });

  test('a canvas larger than the picture is 0 around it', async () => {
    const wide = Buffer.from(gif);
    wide.writeUInt16LE(50, 6);
    const raster = await load(wide);
    expect(raster).toMatchObject({ width: 50, height: 40, channels: 3 });
    for (let y = 0; y < 40; y++)
      expect([...raster.data.subarray(3 * (50 * y + 40), 3 * (50 * y + 50))]).toEqual(Array(30).fill(0));
    const whole = await load(gif);
    expect([...raster.data.subarray(0, 120)]).toEqual([...whole.data.subarray(0, 120)]);
  });
});

/** IHDR again, with the CRC that belongs to its changed sides. */
const rechunked = (file: Buffer): Buffer => chunk('IHDR', file.subarray(16, 29));

test('withChunk keeps a PNG readable', async () => {
  const raster = noise(3, 3, 1, 8, 8);
  expect(same(await load(withChunk(await encodePng(raster), 'tEXt', Buffer.from('a\0b'))), raster)).toBe(
    true,
  );
});
