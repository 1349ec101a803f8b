import { describe, expect, test } from 'vitest';
import { decodeDicom, modalityValues } from '../../../src/data/dicom/image.ts';
import { viewed, viewOf } from '../../../src/data/dicom/view.ts';
import { loadRaster } from '../../../src/data/images/image.ts';
import { noise, same } from '../images/_images.ts';
import { dicom, encapsulated, type Picture, type Syntax, syntaxes } from './_dicom.ts';

const load = async (picture: Picture, syntax: Syntax = 'explicit', frame?: number) =>
  loadRaster(await dicom(picture, syntax), 'a.dcm', 'native', frame);

const lossless = (Object.keys(syntaxes) as Syntax[]).filter((name) => name !== 'jpeg');

/** Noise of so many bits in 16-bit words. */
const words = (bits: number, count = 35): Uint16Array =>
  Uint16Array.from(noise(count, 1, 1, 16, bits).data, (value) => value & (2 ** bits - 1));

describe.each(lossless)('%s', (syntax) => {
  test.each([10, 12, 14, 15, 16])('%i bits stored, exact to the bit', async (stored) => {
    const raw = words(stored);
    const raster = await load({ width: 7, height: 5, words: raw, stored }, syntax);
    expect(raster).toEqual({ width: 7, height: 5, channels: 1, depth: 16, data: raw });
  });

  test('8 bits, an odd number of them', async () => {
    const picture = noise(5, 7, 1, 8, 3);
    const { width, height, data } = picture;
    expect(same(await load({ width, height, words: data }, syntax), picture)).toBe(true);
  });

  test('signed values keep their order and come back by the offset', async () => {
    const values = Int16Array.from([-32768, -1024, -1, 0, 1, 32767]);
    const file = await dicom(
      { width: 3, height: 2, words: new Uint16Array(values.buffer), signed: true },
      syntax,
    );
    const { raster, offset } = await decodeDicom(file, 'a.dcm');
    expect(Array.from(raster.data, (sample) => sample - offset)).toEqual([...values]);
  });

  test('RGB', async () => {
    const picture = noise(6, 4, 3, 8, 4);
    expect(same(await load({ width: 6, height: 4, words: picture.data, samples: 3 }, syntax), picture)).toBe(
      true,
    );
  });

  test('each frame of three', async () => {
    const all = words(12, 60);
    const picture = { width: 5, height: 4, words: all, stored: 12, frames: 3 };
    for (const frame of [1, 2, 3]) {
      const { data } = await load(picture, syntax, frame);
      expect(data).toEqual(all.subarray(20 * (frame - 1), 20 * frame));
    }
  });
});

describe('baseline JPEG', () => {
  test('grey is within the quality', async () => {
    const smooth = Uint8Array.from({ length: 256 }, (_, i) => (i % 16) * 12);
    const { data } = await load({ width: 16, height: 16, words: smooth }, 'jpeg');
    expect(Math.max(...data.map((value, i) => Math.abs(value - smooth[i]!)))).toBeLessThanOrEqual(2);
  });

  test('a frame in two fragments is put together', async () => {
    const smooth = Uint8Array.from({ length: 256 }, (_, i) => i);
    const picture = { width: 16, height: 16, words: smooth };
    const whole = await dicom(picture, 'jpeg');
    const at = whole.indexOf(Buffer.from('e07f1000', 'hex'));
    const stream = whole.subarray(at + 12 + 8 + 8, -8);
    const halves = [stream.subarray(0, 100), stream.subarray(100)];
    const parted = Buffer.concat([whole.subarray(0, at), encapsulated(halves)]);
    expect(await loadRaster(parted, 'a.dcm', 'native')).toEqual(await loadRaster(whole, 'a.dcm', 'native'));
  });
});

describe('how samples are stored', () => {
  test('bits outside the stored ones are cleared, also with a high bit further up', async () => {
    const low = await load({ width: 2, height: 1, words: Uint16Array.of(0xf123, 0x0fff), stored: 12 });
    expect([...low.data]).toEqual([0x123, 0xfff]);
    const high = { width: 2, height: 1, words: Uint16Array.of(0x123f, 0xfff0), stored: 12, highBit: 15 };
    expect([...(await load(high)).data]).toEqual([0x123, 0xfff]);
  });

  test('up to 8 stored bits of 16 give 8 deep', async () => {
    const raster = await load({ width: 2, height: 1, words: Uint16Array.of(7, 255), stored: 8 });
    expect(raster).toMatchObject({ depth: 8, data: Uint8Array.of(7, 255) });
  });

  test('single bits, frames not at bytes', async () => {
    const picture = { width: 3, height: 1, words: Uint8Array.of(0b101_011, 0), allocated: 1, frames: 2 };
    expect([...(await load(picture, 'explicit', 1)).data]).toEqual([255, 255, 0]);
    expect([...(await load(picture, 'explicit', 2)).data]).toEqual([255, 0, 255]);
  });

  test('planes are interleaved', async () => {
    const planes = { width: 2, height: 1, words: Uint8Array.of(1, 4, 2, 5, 3, 6), samples: 3, planar: true };
    expect([...(await load(planes)).data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('big endian with 8-bit samples as OW', async () => {
    const picture = { width: 4, height: 1, words: Uint8Array.of(1, 2, 3, 4), vr: 'OW' };
    expect([...(await load(picture, 'bigEndian')).data]).toEqual([1, 2, 3, 4]);
  });

  test('YBR becomes RGB, whole and subsampled', async () => {
    const red = { width: 2, height: 1, samples: 3 };
    const full = { ...red, words: Uint8Array.of(76, 85, 255, 150, 44, 21), photometric: 'YBR_FULL' };
    expect([...(await load(full)).data]).toEqual([254, 0, 0, 0, 255, 1]);
    const half = { ...red, words: Uint8Array.of(76, 76, 85, 255), photometric: 'YBR_FULL_422' };
    expect([...(await load(half)).data]).toEqual([254, 0, 0, 254, 0, 0]);
  });

  test.each([8, 16])('a palette of %i bits is expanded; indices outside take its ends', async (bits) => {
    const le = (...values: number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
    const further = Object.fromEntries(
      [1, 2, 3].flatMap((colour): [string, readonly [string, Buffer]][] => [
        [`0028110${colour}`, ['US', le(2, 10, bits)]],
        [`0028120${colour}`, ['OW', le(colour, colour + 200)]],
      ]),
    );
    const picture = {
      width: 3,
      height: 1,
      words: Uint8Array.of(0, 10, 99),
      photometric: 'PALETTE COLOR',
      further,
    };
    const raster = await load(picture);
    expect(raster).toMatchObject({ channels: 3, depth: bits });
    expect([...raster.data]).toEqual([1, 2, 3, 1, 2, 3, 201, 202, 203]);
  });
});

describe('what only changes the view', () => {
  const texts = { '00281052': 'DS -1024', '00281053': 'DS 2' };
  const picture = { width: 3, height: 1, words: Uint16Array.of(0, 512, 1024), texts };

  test('rescale is left to modalityValues', async () => {
    const image = await decodeDicom(await dicom(picture), 'a.dcm');
    expect([...image.raster.data]).toEqual([0, 512, 1024]);
    expect([...modalityValues(image)]).toEqual([-1024, 0, 1024]);
  });

  test('display stretches, inverts MONOCHROME1, and takes the window', async () => {
    const shown = async (extra: Partial<Picture>) => {
      const image = await decodeDicom(await dicom({ ...picture, ...extra }), 'a.dcm');
      return [...viewed(image.raster, viewOf(image)!).data];
    };
    expect(await shown({})).toEqual([0, 128, 255]);
    expect(await shown({ photometric: 'MONOCHROME1' })).toEqual([255, 128, 0]);
    // C.11.2.1.2: centre 0.5, width 2049 is the whole range from -1024 to 1024.
    const window = { ...texts, '00281050': 'DS 0.5', '00281051': 'DS 1025' };
    expect(await shown({ texts: window })).toEqual([0, 128, 255]);
    expect(await shown({ texts: { ...window, '00281050': 'DS 512.5' } })).toEqual([0, 0, 255]);
    expect(await shown({ texts: {}, words: Uint16Array.of(9, 9, 9) })).toEqual([0, 0, 0]);
    // A falling slope turns the greatest sample into the least value.
    expect(await shown({ texts: { '00281053': 'DS -2' } })).toEqual([255, 128, 0]);
    const falling = { '00281053': 'DS -1', '00281050': 'DS -511.5', '00281051': 'DS 1025' };
    expect(await shown({ texts: falling })).toEqual([255, 128, 0]);
    expect(await shown({ words: Uint16Array.of(64512, 0, 1024), signed: true })).toEqual([0, 128, 255]);
  });
});

describe('wrong files, each one sentence that names the file', async () => {
  const picture = { width: 16, height: 16, words: words(12, 256), stored: 12 };
  const cases: [string, Buffer | Promise<Buffer>, RegExp][] = [
    ['no pixel data', dicom({ ...picture, pixels: null }), /got a file with no pixel data; /],
    [
      'no pixel data, with its modality',
      dicom({ ...picture, pixels: null, texts: { '00080060': 'CS SR' } }),
      /no pixel data \(modality SR\)/,
    ],
    ['32 bits', dicom({ ...picture, allocated: 32 }), /expected 1, 8 or 16 bits allocated, got 32/],
    ['13 bits up to bit 11', dicom({ ...picture, stored: 13, highBit: 11 }), /13 up to bit 11/],
    ['CMYK', dicom({ ...picture, photometric: 'CMYK' }), /CMYK of 1 samples/],
    ['no rows', dicom({ ...picture, height: 0 }), /16x0/],
    ['65535 x 65535', dicom({ ...picture, width: 65535, height: 65535 }), /at most \d+ MB when decoded/],
    ['frames that are no number', dicom({ ...picture, texts: { '00280008': 'IS many' } }), /got "many"/],
    ['more frames than samples', dicom({ ...picture, frames: 1, height: 17 }), /512 bytes of pixel data/],
    ['several frames', dicom({ ...picture, height: 8, frames: 2 }), /2 frames; choose one with --frame/],
    ['a palette that is missing', dicom({ ...picture, photometric: 'PALETTE COLOR' }), /expected a palette/],
    ...(['explicit', 'implicit', 'bigEndian', 'deflated'] as const).flatMap((name) =>
      [1, 100, 300].map((cut): [string, Promise<Buffer>, RegExp] => [
        `${name} less ${cut} bytes`,
        dicom(picture, name).then((whole) => whole.subarray(0, -cut)),
        /expected a whole DICOM image, got a damaged one/,
      ]),
    ),
    ...(['rle', 'jpeg', 'jpegLossless', 'jpegLs', 'jpeg2000'] as const).map(
      (name): [string, Promise<Buffer>, RegExp] => [
        `a ${name} stream cut in half, well wrapped`,
        halved(name),
        /expected a whole DICOM image, got a damaged one/,
      ],
    ),
  ];
  test.each(cases)('%s', async (_, bytes, message) => {
    const failure = await loadRaster(await bytes, 'b/a.dcm', 'native').catch((error) => error);
    expect(failure.message).toMatch(message);
    expect(failure.name).toBe('InputError');
    expect(failure.message).toMatch(/^b\/a\.dcm: expected .*; .+/);
  });

  test('a transfer syntax that holds no still pictures', async () => {
    const video = Buffer.from(
      (await dicom(picture)).toString('latin1').replace('.10008.1.2.1', '.10008.1.2.9'),
      'latin1',
    );
    await expect(loadRaster(video, 'a', 'native')).rejects.toThrow(/got 1\.2\.840\.10008\.1\.2\.9; convert/);
  });

  test.each([0, 3, 1.5])('frame %s of 2', async (frame) => {
    const file = await dicom({ ...picture, height: 8, frames: 2 });
    await expect(loadRaster(file, 'a', 'native', frame)).rejects.toThrow(/from 1 to 2 for a, got/);
  });
});

async function halved(syntax: Syntax): Promise<Buffer> {
  const data = syntax === 'jpeg' ? noise(32, 32, 1, 8, 5).data : words(12, 1024);
  const picture = { width: 32, height: 32, words: data, stored: syntax === 'jpeg' ? 8 : 12 };
  const whole = await dicom(picture, syntax);
  const at = whole.indexOf(Buffer.from('e07f1000', 'hex'));
  const stream = whole.subarray(at + 12 + 8 + 8, -8);
  return Buffer.concat([whole.subarray(0, at), encapsulated([stream.subarray(0, stream.length / 2)])]);
}
