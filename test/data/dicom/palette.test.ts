/** Palettes as descriptors say, and as they are. */
import { describe, expect, test } from 'vitest';
import { decodeDicom } from '../../../src/data/dicom/image.ts';
import { dicom, type Picture, type Syntax } from './_dicom.ts';

const indices = Uint8Array.of(0, 1, 2, 3, 4, 5);
const bytesOf = (words: readonly number[], big = false): Buffer => {
  const bytes = Buffer.from(Uint16Array.from(words).buffer);
  return big ? bytes.swap16() : bytes;
};

interface Palette {
  readonly bits: number;
  readonly count?: number;
  readonly data: Buffer;
  readonly vr?: string;
  readonly segments?: boolean;
}

async function expanded(
  { bits, count = 6, data, vr = 'OW', segments }: Palette,
  syntax: Syntax = 'explicit',
) {
  const further = Object.fromEntries(
    [1, 2, 3].flatMap((colour): [string, readonly [string, Buffer]][] => [
      [`0028110${colour}`, ['US', bytesOf([count, 0, bits], syntax === 'bigEndian')]],
      [`002812${segments ? 2 : 0}${colour}`, [vr, data]],
    ]),
  );
  const picture: Picture = { width: 6, height: 1, words: indices, photometric: 'PALETTE COLOR', further };
  const { raster } = await decodeDicom(await dicom(picture, syntax), 'a');
  return { depth: raster.depth, red: [...raster.data].filter((_, i) => i % 3 === 0) };
}

const small = [0, 10, 200, 255, 7, 9];
const large = small.map((value) => 257 * value);
const high = small.map((value) => 256 * value);

describe('how the entries are stored', () => {
  const cases: [string, Palette, Syntax, number, number[]][] = [
    ['8 bits in bytes', { bits: 8, data: Buffer.from(small) }, 'explicit', 8, small],
    ['8 bits in words', { bits: 8, data: bytesOf(small) }, 'explicit', 8, small],
    ['says 8, is 16', { bits: 8, data: bytesOf(large) }, 'explicit', 16, large],
    ['says 8, has its values in the high byte', { bits: 8, data: bytesOf(high) }, 'explicit', 16, high],
    ['16 bits', { bits: 16, data: bytesOf(large) }, 'explicit', 16, large],
    ['16 bits, big endian', { bits: 16, data: bytesOf(large, true) }, 'bigEndian', 16, large],
    [
      '8 bits in bytes, big endian words',
      { bits: 8, data: Buffer.from(small).swap16() },
      'bigEndian',
      8,
      small,
    ],
    ['8 bits in bytes, big endian', { bits: 8, data: Buffer.from(small), vr: 'OB' }, 'bigEndian', 8, small],
    [
      'fewer entries than indices',
      { bits: 8, count: 4, data: Buffer.from(small.slice(0, 4)) },
      'explicit',
      8,
      [0, 10, 200, 255, 255, 255],
    ],
  ];
  test.each(cases)('%s', async (_, palette, syntax, depth, red) => {
    expect(await expanded(palette, syntax)).toEqual({ depth, red });
  });
});

describe('segments (PS3.3, section C.7.9.2)', () => {
  const cases: [string, Palette, number[]][] = [
    ['discrete', { bits: 16, segments: true, data: bytesOf([0, 6, ...large]) }, large],
    [
      'linear',
      { bits: 16, segments: true, data: bytesOf([0, 1, 100, 1, 5, 600]) },
      [100, 200, 300, 400, 500, 600],
    ],
    [
      'falling, rounded',
      { bits: 16, segments: true, data: bytesOf([0, 1, 11, 1, 5, 0]) },
      [11, 9, 7, 4, 2, 0],
    ],
    [
      'indirect',
      { bits: 16, segments: true, data: bytesOf([0, 2, 5, 6, 1, 2, 10, 2, 1, 0, 0]) },
      [5, 6, 8, 10, 5, 6],
    ],
    [
      '8 bits',
      { bits: 8, segments: true, data: Buffer.of(0, 2, 5, 6, 1, 2, 10, 2, 1, 0, 0, 0, 0, 0) },
      [5, 6, 8, 10, 5, 6],
    ],
  ];
  test.each(cases)('%s', async (_, palette, red) => {
    expect(await expanded(palette)).toEqual({ depth: palette.bits, red });
  });

  test.each([
    ['too few', [0, 5, 1, 2, 3, 4, 5]],
    ['too many', [0, 7, 1, 2, 3, 4, 5, 6, 7]],
    ['linear first', [1, 6, 600]],
    ['cut off', [0, 6, 1, 2, 3]],
    ['of no kind', [3, 6, 1]],
    ['pointing outside', [0, 2, 5, 6, 2, 1, 9999, 0]],
    ['indirect within indirect', [0, 2, 5, 6, 2, 1, 8, 0]],
  ])('%s is refused', async (_, words) => {
    const attempt = expanded({ bits: 16, segments: true, data: bytesOf(words) });
    await expect(attempt).rejects.toThrow(/its palette is cut off or none/);
  });
});

test('palettes of two depths are refused', async () => {
  const further = Object.fromEntries(
    [1, 2, 3].flatMap((colour): [string, readonly [string, Buffer]][] => [
      [`0028110${colour}`, ['US', bytesOf([6, 0, colour === 2 ? 16 : 8])]],
      [`0028120${colour}`, ['OW', bytesOf(small)]],
    ]),
  );
  const picture: Picture = { width: 6, height: 1, words: indices, photometric: 'PALETTE COLOR', further };
  await expect(dicom(picture).then((file) => decodeDicom(file, 'a'))).rejects.toThrow(
    /palettes of one depth, got 8 and 16 bits/,
  );
});
