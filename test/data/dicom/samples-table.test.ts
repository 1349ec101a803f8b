/** Samples as the attributes say: every way of storing them, against a plain twin. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeDicom } from '../../../src/data/dicom/image.ts';
import { stream } from '../../../src/shared/random.ts';
import { dicom, type Picture, type Syntax } from './_dicom.ts';

const [width, height] = [9, 5];
const vectors = JSON.parse(
  readFileSync(new URL('../../vectors/jpeg2000-colours.json', import.meta.url), 'utf8'),
) as Record<string, string>;
const native = ['explicit', 'implicit', 'bigEndian', 'deflated', 'encapsulated', 'deflatedFrames'] as const;
const compressed = ['rle', 'jpegLossless', 'jpegLs', 'jpeg2000', 'htJpeg2000'] as const;

/** Words of so many bits, frame after frame. */
function wordsOf(bits: number, count: number, allocated: number): Uint8Array | Uint16Array {
  const random = stream(bits, 'samples');
  const words = allocated > 8 ? new Uint16Array(count) : new Uint8Array(count);
  return words.map(() => random.int(2 ** bits));
}

/** The samples that a frame should decode to, from its words pixel by pixel. */
function expected(words: ArrayLike<number>, { photometric, stored = 8, signed }: Picture): number[] {
  const values = Array.from(words, (word) => (signed ? word ^ (2 ** (stored - 1)) : word));
  if (photometric !== 'YBR_FULL') return values;
  const [half, most] = [2 ** (stored - 1), 2 ** stored - 1];
  const rgb = (i: number): number[] => {
    const [y, cb, cr] = [values[i]!, values[i + 1]! - half, values[i + 2]! - half];
    return [y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb];
  };
  return values.flatMap((_, i) =>
    i % 3 ? [] : rgb(i).map((value) => Math.min(most, Math.max(0, Math.round(value)))),
  );
}

/** Pixel by pixel to plane by plane, within each frame. */
function planes(words: Uint8Array | Uint16Array, frames: number): Uint8Array | Uint16Array {
  const size = words.length / frames;
  return words.map((_, i) => {
    const [frame, at] = [Math.floor(i / size), i % size];
    const [plane, pixel] = [Math.floor(at / (size / 3)), at % (size / 3)];
    return words[frame * size + 3 * pixel + plane]!;
  });
}

async function check(picture: Picture, syntax: Syntax, interleaved: Uint8Array | Uint16Array): Promise<void> {
  const file = await dicom(picture, syntax);
  const frames = picture.frames ?? 1;
  const size = interleaved.length / frames;
  for (let frame = 1; frame <= frames; frame++) {
    const { raster } = await decodeDicom(file, 'a', frame);
    const words = interleaved.subarray(size * (frame - 1), size * frame);
    expect([...raster.data]).toEqual(expected(words, picture));
    expect(raster).toMatchObject({ width, height, channels: picture.samples ?? 1 });
  }
}

describe.each([...native, ...compressed])('%s', (syntax) => {
  describe.each(['MONOCHROME1', 'MONOCHROME2'])('%s', (photometric) => {
    test.each([2, 5, 8, 10, 12, 15, 16])(
      '%i bits, with a sign and without, one frame and three',
      async (stored) => {
        for (const signed of [false, true])
          for (const frames of [1, 3]) {
            const allocated = stored > 8 ? 16 : 8;
            const words = wordsOf(stored, width * height * frames, allocated);
            await check({ width, height, words, stored, photometric, signed, frames }, syntax, words);
          }
      },
    );

    test('8 bits stored of 16 allocated, also of a stream of 8 bits', async () => {
      const words = wordsOf(8, width * height, 16);
      await check({ width, height, words, stored: 8, photometric }, syntax, words);
    });
  });

  // The encoder of High-Throughput JPEG 2000 transforms all colours, which YBR_FULL must not be.
  describe.each(syntax === 'htJpeg2000' ? ['RGB'] : ['RGB', 'YBR_FULL'])('%s', (photometric) => {
    test.each([8, 10, 16])('%i bits, one frame and three, by pixel and by plane', async (stored) => {
      for (const frames of [1, 3])
        for (const planar of (native as readonly string[]).includes(syntax) ? [false, true] : [false]) {
          if (stored > 8 && syntax.endsWith('eg2000')) continue; // its encoder makes none; vectors below
          const words = wordsOf(stored, width * height * 3 * frames, stored > 8 ? 16 : 8);
          const given = planar ? planes(words, frames) : words;
          await check(
            { width, height, words: given, stored, samples: 3, photometric, frames, planar },
            syntax,
            words,
          );
        }
    });
  });
});

describe.each([...native, 'rle'] as const)('single bits, %s', (syntax) => {
  test('one frame and three, which need not begin at a byte', async () => {
    for (const frames of [1, 3]) {
      const bits = wordsOf(1, width * height * frames, 8);
      // Compressed frames begin at a byte each.
      const alone = ['rle', 'deflatedFrames', 'encapsulated'].includes(syntax);
      const each = alone ? Math.ceil((width * height) / 8) * 8 : width * height;
      const packed = new Uint8Array(Math.ceil((each * frames) / 8));
      bits.forEach((bit, i) => {
        const at = Math.floor(i / (width * height)) * each + (i % (width * height));
        packed[at >> 3]! |= bit << (at & 7);
      });
      const picture = { width, height, words: packed, allocated: 1, stored: 1, frames };
      const file = await dicom(picture, syntax);
      for (let frame = 1; frame <= frames; frame++) {
        const { raster } = await decodeDicom(file, 'a', frame);
        const size = width * height;
        expect([...raster.data]).toEqual(
          [...bits.subarray(size * (frame - 1), size * frame)].map((bit) => 255 * bit),
        );
      }
    }
  });
});

describe('big endian, samples of 8 bits and single bits as words', () => {
  test.each([1, 2, 3])('%i frames of an odd number of bytes', async (frames) => {
    const words = wordsOf(8, width * height * 3 * frames, 8);
    const even = Uint8Array.from([...words, ...(words.length % 2 ? [0] : [])]);
    await check({ width, height, words: even, samples: 3, stored: 8, frames, vr: 'OW' }, 'bigEndian', words);
  });

  test('single bits', async () => {
    const words = Uint8Array.of(0b1010_0101, 0b0000_0011, 0b1111_0000, 0);
    const file = await dicom({ width: 3, height: 8, words, allocated: 1, stored: 1, vr: 'OW' }, 'bigEndian');
    const { raster } = await decodeDicom(file, 'a');
    const bits = Array.from({ length: 24 }, (_, i) => ((words[i >> 3]! >> (i & 7)) & 1) * 255);
    expect([...raster.data]).toEqual(bits);
  });
});

describe('colours of more than 8 bits in JPEG 2000 (test/vectors/jpeg2000-colours.py)', () => {
  test.each(Object.keys(vectors))('%s', async (name) => {
    const bits = name.includes('10') ? 10 : 16;
    const size = { width: 34, height: 33, samples: 3, allocated: 16, stored: bits };
    const photometric = name.endsWith('mct') || name.startsWith('ht') ? 'YBR_RCT' : 'RGB';
    const pixels = [Buffer.from(vectors[name]!, 'base64')];
    const picture = { ...size, photometric, words: new Uint16Array(0), pixels };
    const { raster } = await decodeDicom(
      await dicom(picture, name.startsWith('ht') ? 'htJpeg2000' : 'jpeg2000'),
      'a',
    );
    const ramps = Array.from({ length: 33 * 34 }, (_, i) => [Math.floor(i / 34), i % 34]).flatMap(
      ([r, c]) => [700 * r! + 500 * c!, 100 * r! + 900 * c!, 300 * r! + 33 * c!],
    );
    expect([...raster.data]).toEqual(ramps.map((value) => value % 2 ** bits));
  });
});
