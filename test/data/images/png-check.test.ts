/** PNG files that are not whole: refused on the fast path and on the slow one, which else would ask libpng alone. */
import zlib from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { loadRaster } from '../../../src/data/images/image.ts';
import { chunk, pngChunks } from '../../../src/data/images/png.ts';
import { decodePlainPng } from '../../../src/data/images/png-decode.ts';
import { png, same, withChunk } from './_images.ts';

const rows = Array.from({ length: 9 }, (_, y) =>
  Array.from({ length: 12 }, (__, x) => (17 * y + 5 * x) % 256),
);
const palette = chunk('PLTE', Buffer.from(Array.from({ length: 768 }, (_, i) => i % 251)));
/** Bits and colour type of the same bytes: grey, RGB, palette, grey + alpha, RGBA; the last two are read slowly. */
const kinds: [name: string, file: Buffer][] = [
  ['grey 8', png(12, 8, 0, rows)],
  ['grey 16', png(6, 16, 0, rows)],
  ['RGB', png(4, 8, 2, rows)],
  ['grey + alpha', png(6, 8, 4, rows)],
  ['RGBA', png(3, 8, 6, rows)],
  ['grey 4', png(24, 4, 0, rows)],
  ['palette', png(12, 8, 3, rows, [palette])],
  [
    'interlaced',
    await sharp(Buffer.from(rows.flat()), { raw: { width: 4, height: 9, channels: 3 } })
      .png({ progressive: true })
      .toBuffer(),
  ],
];

const head = (file: Buffer): Buffer => file.subarray(0, 8);
/** The file with its chunks changed. */
const rebuilt = (file: Buffer, change: (chunks: Buffer[]) => Buffer[]): Buffer =>
  Buffer.concat([head(file), ...change([...pngChunks(file)].map(({ type, data }) => chunk(type, data)))]);
const at = (file: Buffer, type: string): number =>
  [...pngChunks(file)].findIndex((found) => found.type === type);
const header = (file: Buffer, byte: number, value: number): Buffer =>
  rebuilt(file, ([ihdr, ...rest]) => {
    const data = Buffer.from(ihdr!.subarray(8, 21));
    data[byte] = value;
    return [chunk('IHDR', data), ...rest];
  });
const pixels = (file: Buffer): Buffer =>
  Buffer.concat([...pngChunks(file)].filter(({ type }) => type === 'IDAT').map(({ data }) => data));
const withPixels = (file: Buffer, ...parts: Buffer[]): Buffer =>
  rebuilt(file, (chunks) => {
    const first = at(file, 'IDAT');
    return [...chunks.slice(0, first), ...parts.map((part) => chunk('IDAT', part)), chunks.at(-1)!];
  });
const unpacked = (file: Buffer): Buffer => zlib.inflateSync(pixels(file));
const flipped = (file: Buffer, type: string, byte: number): Buffer => {
  const out = Buffer.from(file);
  out[file.indexOf(type) + byte]! ^= 1;
  return out;
};
const note = chunk('tEXt', Buffer.from('a\0b'));
/** An animation's control with so many frames, and one frame's. */
const animation = (frames: number): Buffer => chunk('acTL', Buffer.from([0, 0, 0, frames, 0, 0, 0, 0]));
const frame = chunk('fcTL', Buffer.alloc(26));
const beforePixels = (file: Buffer, ...more: Buffer[]): Buffer =>
  rebuilt(file, (chunks) => [
    ...chunks.slice(0, at(file, 'IDAT')),
    ...more,
    ...chunks.slice(at(file, 'IDAT')),
  ]);
const half = (file: Buffer): [Buffer, Buffer] => {
  const whole = pixels(file);
  return [whole.subarray(0, whole.length >> 1), whole.subarray(whole.length >> 1)];
};

const faults: [name: string, spoil: (file: Buffer) => Buffer, reason: RegExp][] = [
  ['filter method 64', (file) => header(file, 11, 64), /filter method 64/],
  ['compression method 1', (file) => header(file, 10, 1), /compression method 1/],
  ['interlace method 2', (file) => header(file, 12, 2), /interlace method 2/],
  ['3 bits', (file) => header(file, 8, 3), /with 3 bits/],
  ['colour type 5', (file) => header(file, 9, 5), /colour type 5/],
  ['width 0', (file) => header(file, 3, 0), /it is 0x/],
  ['a width of 2^31', (file) => header(file, 0, 128), /it is 21474/],
  ['two IHDR', (file) => rebuilt(file, (chunks) => [chunks[0]!, ...chunks]), /two headers/],
  ['a chunk before IHDR', (file) => rebuilt(file, (chunks) => [note, ...chunks]), /no header/],
  [
    'a short IHDR',
    (file) => rebuilt(file, (chunks) => [chunk('IHDR', Buffer.alloc(12)), ...chunks.slice(1)]),
    /another length/,
  ],
  ['IHDR with a wrong CRC', (file) => flipped(file, 'IHDR', 16), /no header/],
  ['IDAT with a wrong CRC', (file) => flipped(file, 'IDAT', 6), /chunk IDAT is damaged/],
  ['IEND with a wrong CRC', (file) => flipped(file, 'IEND', 4), /chunk IEND is damaged/],
  [
    'IEND with data',
    (file) => rebuilt(file, (chunks) => [...chunks.slice(0, -1), chunk('IEND', Buffer.alloc(1))]),
    /its end has data/,
  ],
  ['no IEND', (file) => file.subarray(0, -12), /ends too early/],
  [
    'IDAT behind IEND',
    (file) =>
      rebuilt(file, (chunks) => [
        ...chunks.slice(0, at(file, 'IDAT')),
        chunks.at(-1)!,
        ...chunks.slice(at(file, 'IDAT'), -1),
      ]),
    /no pixels/,
  ],
  ['no IDAT', (file) => withPixels(file), /no pixels/],
  [
    'a chunk between two IDAT',
    (file) =>
      rebuilt(withPixels(file, ...half(file)), (chunks) => [
        ...chunks.slice(0, -2),
        note,
        ...chunks.slice(-2),
      ]),
    /between its pixels/,
  ],
  [
    'an unknown critical chunk',
    (file) => beforePixels(file, chunk('ABCD', Buffer.alloc(3))),
    /critical chunk ABCD/,
  ],
  ['a chunk without a name', (file) => beforePixels(file, chunk('1234', Buffer.alloc(3))), /no name/],
  ['two PLTE', (file) => beforePixels(file, palette, palette), /two palettes|a grey picture has/],
  [
    'PLTE of 4 bytes',
    (file) =>
      rebuilt(file, (chunks) => [
        chunks[0]!,
        chunk('PLTE', Buffer.alloc(4)),
        ...chunks.slice(1).filter((each) => each.toString('latin1', 4, 8) !== 'PLTE'),
      ]),
    /palette/,
  ],
  [
    'PLTE behind IDAT',
    (file) =>
      rebuilt(file, (chunks) => [
        ...chunks.slice(0, -1).filter((each) => each.toString('latin1', 4, 8) !== 'PLTE'),
        palette,
        chunks.at(-1)!,
      ]),
    /palette stands behind/,
  ],
  ['pixels cut off', (file) => withPixels(file, half(file)[0]), /cut off or changed/],
  [
    'a wrong Adler-32',
    (file) => withPixels(file, pixels(file).subarray(0, -4), Buffer.alloc(4)),
    /cut off or changed/,
  ],
  [
    'too few rows',
    (file) => withPixels(file, zlib.deflateSync(unpacked(file).subarray(0, -3))),
    /cut off or changed/,
  ],
  [
    'too many rows',
    (file) => withPixels(file, zlib.deflateSync(Buffer.concat([unpacked(file), Buffer.alloc(9)]))),
    /cut off or changed/,
  ],
  ['no zlib stream', (file) => withPixels(file, Buffer.from('no zlib stream')), /cut off or changed/],
  [
    'a filter that there is not',
    (file) => withPixels(file, zlib.deflateSync(unpacked(file).fill(7, 0, 1))),
    /damaged/,
  ],
];

describe.each(faults)('%s', (_, spoil, reason) => {
  test.each(kinds)('%s', async (__, file) => {
    const spoiled = spoil(file);
    expect(decodePlainPng(spoiled, 'a')).toBeNull();
    const failure = await loadRaster(spoiled, 'a', 'native').catch((error) => error);
    expect(failure).toMatchObject({ name: 'InputError', message: expect.stringMatching(reason) });
    expect(failure.message).toMatch(/^a: expected a whole PNG image, got a damaged one/);
  });
});

test.each([1, 2, 4, 8])('a palette of %i bits that lacks a colour', async (bits) => {
  const colours = 2 ** bits - 1;
  const short = chunk('PLTE', palette.subarray(8, 8 + 3 * colours));
  const file = (last: number) => png(8 / bits, bits, 3, [[0], [last]], [short]);
  expect((await loadRaster(file(0), 'a', 'native')).channels).toBe(3);
  await expect(loadRaster(file(colours), 'a', 'native')).rejects.toThrow(/no colour in its palette/);
});

test('distances larger than the window that the stream names', async () => {
  const noise = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * i * 31 + i) % 256));
  const wide = png(5000, 8, 0, [[...noise, ...Array(4400).fill(0), ...noise]]);
  expect(decodePlainPng(wide, 'a')).not.toBeNull();
  const stream = Buffer.from(pixels(wide));
  stream.writeUInt16BE(31 * Math.ceil(0x1800 / 31), 0); // a window of 512 bytes
  const spoiled = withPixels(wide, stream);
  expect(decodePlainPng(spoiled, 'a')).toBeNull();
  await expect(loadRaster(spoiled, 'a', 'native')).rejects.toThrow(/cut off or changed/);
});

describe.each(kinds)('%s: what is whole is read, and both ways agree', (_, file) => {
  const harmless: [string, (file: Buffer) => Buffer][] = [
    ['as it is', (whole) => whole],
    [
      'two IDAT and an empty one',
      (whole) => withPixels(whole, half(whole)[0], Buffer.alloc(0), half(whole)[1]),
    ],
    [
      'ancillary chunks, also with a wrong CRC',
      (whole) => flipped(beforePixels(whole, note, note), 'tEXt', 5),
    ],
    ['bytes behind the end', (whole) => Buffer.concat([whole, Buffer.from('behind')])],
    ['an animation of this one picture', (whole) => beforePixels(whole, animation(1), frame)],
  ];
  test.each(harmless)('%s', async (__, change) => {
    const wanted = await loadRaster(file, 'a', 'native');
    const changed = change(file);
    expect(same(await loadRaster(changed, 'a', 'native'), wanted)).toBe(true);
    const fast = decodePlainPng(changed, 'a');
    if (fast) expect(same(fast, wanted)).toBe(true);
  });

  test('animations are refused', async () => {
    for (const [count, animated] of [
      [3, beforePixels(file, animation(3), frame)],
      [2, beforePixels(file, animation(2), frame)],
      [2, beforePixels(file, animation(1))],
    ] as const) {
      const spoiled = withChunk(animated, 'fdAT', Buffer.alloc(9));
      expect(decodePlainPng(spoiled, 'a')).toBeNull();
      await expect(loadRaster(spoiled, 'a', 'native')).rejects.toThrow(`got ${count} pages or frames`);
    }
  });
});
