import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { loadRaster } from '../../../../src/data/images/image.ts';
import { noise, same } from '../_images.ts';

const load = (bytes: Buffer) => loadRaster(bytes, 'x.jpg', 'native');
const refusal = async (bytes: Buffer): Promise<string> => {
  const failure = await load(bytes).catch((error) => error);
  expect(failure.name).toBe('InputError');
  expect(failure.message.length).toBeLessThanOrEqual(127);
  return failure.message;
};

const colours = (channels: 1 | 3) => {
  const image = sharp(noise(67, 61, channels, 8, 1).data, { raw: { width: 67, height: 61, channels } });
  return channels === 1 ? image.toColourspace('b-w') : image;
};
const files: [name: string, file: Buffer][] = [];
for (const channels of [1, 3] as const)
  for (const progressive of [false, true])
    for (const chromaSubsampling of ['4:4:4', '4:2:0'])
      files.push([
        `${channels === 1 ? 'grey' : 'RGB'} ${progressive ? 'progressive' : 'baseline'} ${chromaSubsampling}`,
        await colours(channels)
          .jpeg({ progressive, chromaSubsampling, optimiseScans: progressive })
          .toBuffer(),
      ]);
const baseline = files[0]![1];
const scan = (file: Buffer): number => file.lastIndexOf(Buffer.from([0xff, 0xda]));
const end = Buffer.from([0xff, 0xd9]);

describe.each(files)('%s', (_, file) => {
  test('is decoded as sharp decodes it', async () => {
    const { data } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    const raster = await load(file);
    const stored = raster.channels === 1 ? data.filter((__, i) => i % (data.length / (67 * 61)) === 0) : data;
    expect(Buffer.from(raster.data).equals(stored)).toBe(true);
  });

  test('missing picture data are damage, with and without an end', async () => {
    for (const share of [0.1, 0.4, 0.9]) {
      const cut = file.subarray(0, scan(file) + Math.floor((file.length - scan(file)) * share));
      expect(await refusal(cut)).toMatch(/damaged/);
      expect(await refusal(Buffer.concat([cut, end]))).toMatch(/damaged/);
    }
    expect(await refusal(Buffer.concat([file.subarray(0, -4), end]))).toMatch(/picture data are missing/);
    for (let length = 20; length < file.length; length += 97) await refusal(file.subarray(0, length));
  });

  test('what harms nothing passes: bytes between segments, behind the end, before it', async () => {
    const wanted = await load(file);
    const zeros = Buffer.alloc(3);
    const frame = Math.max(file.indexOf(Buffer.from([0xff, 0xc0])), file.indexOf(Buffer.from([0xff, 0xc2])));
    for (const harmless of [
      Buffer.concat([file.subarray(0, frame), zeros, file.subarray(frame)]),
      Buffer.concat([file, Buffer.from('behind')]),
      Buffer.concat([file.subarray(0, -2), zeros, end]),
      Buffer.concat([file.subarray(0, -2), Buffer.from([0xff, 0xff]), end]),
    ])
      expect(same(await load(harmless), wanted)).toBe(true);
  });
});

test('scans that are missing: each but the last', async () => {
  const file = files.find(([name]) => name === 'RGB progressive 4:4:4')![1];
  const starts: number[] = [];
  for (
    let at = file.indexOf(Buffer.from([0xff, 0xda]));
    at >= 0;
    at = file.indexOf(Buffer.from([0xff, 0xda]), at + 2)
  )
    starts.push(at);
  expect(starts.length).toBeGreaterThan(5);
  for (const start of starts.slice(1))
    expect(await refusal(Buffer.concat([file.subarray(0, start), end]))).toMatch(/scans are missing/);
});

test('a picture of more than 100 scans', async () => {
  const one = baseline.subarray(scan(baseline), -2);
  const many = Buffer.concat([baseline.subarray(0, -2), ...Array<Buffer>(100).fill(one), end]);
  expect(await refusal(many)).toMatch(/JPEG of 101 scans is not read; convert it to/);
});

test('coefficients of a baseline scan that a writer left 0', async () => {
  const file = Buffer.from(baseline);
  file.fill(0, scan(file) + 7, scan(file) + 10);
  expect(same(await load(file), await load(baseline))).toBe(true);
});

describe('restart intervals', () => {
  /** One byte grey blocks: an interval of one block each, its code repeated. */
  const grey = async (): Promise<Buffer> => {
    const flat = await sharp(Buffer.alloc(32 * 8, 128), { raw: { width: 32, height: 8, channels: 1 } })
      .toColourspace('b-w')
      .jpeg({ optimiseCoding: false, mozjpeg: false })
      .toBuffer();
    const at = scan(flat);
    const block = Buffer.from([0b00101011]); // DC 0 is 00, end of block 1010, filled up with 1
    const data = Buffer.concat(
      [0, 1, 2, 3].flatMap((i) => (i < 3 ? [block, Buffer.from([0xff, 0xd0 + i])] : [block])),
    );
    const dri = Buffer.from([0xff, 0xdd, 0, 4, 0, 1]);
    return Buffer.concat([flat.subarray(0, at), dri, flat.subarray(at, at + 10), data, end]);
  };

  test('whole, and with an interval or its data missing', async () => {
    const file = await grey();
    expect([...new Set((await load(file)).data)]).toEqual([128]);
    const restart = file.indexOf(Buffer.from([0xff, 0xd1]));
    const withoutInterval = Buffer.concat([file.subarray(0, restart - 1), file.subarray(restart + 2)]);
    expect(await refusal(withoutInterval)).toMatch(/damaged/);
    const withoutData = Buffer.concat([file.subarray(0, restart - 1), file.subarray(restart)]);
    expect(await refusal(withoutData)).toMatch(/damaged/);
  });
});

describe('kinds that are not read are refused by their name', async () => {
  /** The start-of-frame segment changed: its marker and one of its bytes. */
  const changed = (code: number, at?: number, value?: number): Buffer => {
    const file = Buffer.from(baseline);
    const frame = file.indexOf(Buffer.from([0xff, 0xc0]));
    file[frame + 1] = code;
    if (at !== undefined) file[frame + 4 + at] = value!;
    return file;
  };
  const noHeight = changed(0xc0, 1, 0);
  noHeight[noHeight.indexOf(Buffer.from([0xff, 0xc0])) + 6] = 0;
  test.each<[string, Buffer, string]>([
    ['12 bits', changed(0xc1, 0, 12), '12-bit JPEG is not read; convert it to a 16-bit PNG or TIFF'],
    [
      '12 bits, progressive',
      changed(0xc2, 0, 12),
      '12-bit JPEG is not read; convert it to a 16-bit PNG or TIFF',
    ],
    ['lossless', changed(0xc3), 'lossless 8-bit JPEG is not read; convert it to PNG'],
    [
      'lossless of 16 bits',
      changed(0xc3, 0, 16),
      'lossless 16-bit JPEG is not read; convert it to a 16-bit PNG or TIFF',
    ],
    [
      'hierarchical',
      changed(0xc5),
      'hierarchical JPEG is not read; convert it to 8-bit baseline JPEG or PNG',
    ],
    [
      'arithmetic',
      changed(0xc9),
      'JPEG with arithmetic coding is not read; convert it to 8-bit baseline JPEG or PNG',
    ],
    [
      'arithmetic, progressive',
      changed(0xca),
      'JPEG with arithmetic coding is not read; convert it to 8-bit baseline JPEG or PNG',
    ],
    ['JPEG-LS', changed(0xf7), 'JPEG-LS is not read; convert it to PNG'],
    [
      'no height',
      noHeight,
      'JPEG whose height stands behind its picture is not read; convert it to 8-bit baseline JPEG or PNG',
    ],
    [
      'CMYK',
      await colours(3).toColourspace('cmyk').jpeg().toBuffer(),
      'JPEG of colour space CMYK is not read; convert it to RGB',
    ],
  ])('%s', async (_, file, message) => expect(await refusal(file)).toBe(`x.jpg: ${message}`));
});

describe('further pictures', () => {
  /** APP2 of the Multi-Picture Format, with the type of each picture. */
  const index = (types: number[], order: 'II' | 'MM' = 'II'): Buffer => {
    const tiff = Buffer.alloc(8 + 2 + 24 + 4 + 16 * types.length);
    const u16 = (value: number, at: number) =>
      order === 'II' ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
    const u32 = (value: number, at: number) =>
      order === 'II' ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at);
    tiff.write(order);
    u16(42, 2);
    u32(8, 4);
    u16(2, 8);
    [
      [0xb001, 4, 1, types.length],
      [0xb002, 7, 16 * types.length, 38],
    ].forEach(([tag, type, count, value], i) => {
      u16(tag!, 10 + 12 * i);
      u16(type!, 12 + 12 * i);
      u32(count!, 14 + 12 * i);
      u32(value!, 18 + 12 * i);
    });
    for (const [i, type] of types.entries()) u32(type, 38 + 16 * i);
    const content = Buffer.concat([Buffer.from('MPF\0'), tiff]);
    return Buffer.concat([Buffer.from([0xff, 0xe2, 0, content.length + 2]), content]);
  };
  const withIndex = (types: number[], order?: 'II' | 'MM') =>
    Buffer.concat([baseline.subarray(0, 2), index(types, order), baseline.subarray(2), baseline]);

  test('of an MPO file are counted, less large thumbnails', async () => {
    for (const order of ['II', 'MM'] as const) {
      expect(await refusal(withIndex([0x20030000, 0], order))).toMatch(
        /expected one picture in a file, got 2 pages/,
      );
      expect(await refusal(withIndex([0x20020001, 0x20020002, 0x20020002], order))).toMatch(/got 3 pages/);
    }
    expect(same(await load(withIndex([0x20030000, 0x10001])), await load(baseline))).toBe(true);
  });

  test('that only stand behind the first', async () => {
    expect(await refusal(Buffer.concat([baseline, baseline]))).toMatch(/got 2 pages or frames/);
  });
});
