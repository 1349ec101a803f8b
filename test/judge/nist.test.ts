/** Inputs, cuts, and runs over several sequences. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { baselineParams, deriveKeys, presets } from '../../src/cipher/index.ts';
import { encodePng } from '../../src/data/images/image.ts';
import { testSequences } from '../../src/judge/nist.ts';
import { cutInput, fileInput, keystreamInput, type NistInput } from '../../src/judge/nist-input.ts';
import { bitsFromBytes, bitsFromText, tests } from '../../src/nist/index.ts';
import { InputError } from '../../src/shared/errors.ts';
import { stream } from '../../src/shared/random.ts';
import { dicom } from '../data/dicom/_dicom.ts';
import { bmp, matOf, npy, npyOf, pnm } from '../data/images/_sample-files.ts';

const dir = await mkdtemp(join(tmpdir(), 'medchaos-nist-'));
afterAll(() => rm(dir, { recursive: true }));
const file = async (name: string, data: string | Uint8Array) => {
  const path = join(dir, name);
  await writeFile(path, data);
  return path;
};
const bitsOf = ({ bytes, bits }: NistInput): string => bitsFromBytes(bytes, 0, bits).values.join('');
const noise = (n: number, seed: number): Uint8Array => {
  const random = stream(seed, 'nist run');
  return Uint8Array.from({ length: n }, () => random.int(256));
};

describe('inputs', () => {
  test('raw bytes, most significant bit first', async () => {
    const input = await fileInput(await file('raw.bin', Uint8Array.of(0x80, 0x0f)));
    expect(bitsOf(input)).toBe('1000000000001111');
    expect(input.source).toMatch(/raw\.bin: raw bytes$/);
  });
  test('characters 0 and 1 with white space, any number of them', async () => {
    const input = await fileInput(await file('ascii.txt', ' 10110\r\n\t01 \n1'));
    expect(bitsOf(input)).toBe('10110011');
    expect(input).toMatchObject({ bits: 8, source: expect.stringMatching(/characters 0 and 1$/) });
    expect(bitsOf(await fileInput(await file('nine.txt', '101100111')))).toBe('101100111');
  });
  test('the same file as raw bytes where that is asked for', async () => {
    const path = await file('digits.txt', '10');
    expect(bitsOf(await fileInput(path, 'raw'))).toBe('0011000100110000');
  });
  test('images: samples in raster order, 16 bits with the upper byte first', async () => {
    const grey = { width: 2, height: 2, channels: 1, depth: 8, data: Uint8Array.of(1, 2, 3, 128) } as const;
    const eight = await fileInput(await file('8.png', await encodePng(grey)));
    expect([...eight.bytes]).toEqual([1, 2, 3, 128]);
    expect(eight).toMatchObject({ bits: 32, source: expect.stringMatching(/image 2x2, 1 channel, 8 bit$/) });
    const wide = {
      width: 1,
      height: 2,
      channels: 1,
      depth: 16,
      data: Uint16Array.of(0x0102, 0xfffe),
    } as const;
    const sixteen = await fileInput(await file('16.png', await encodePng(wide)));
    expect([...sixteen.bytes]).toEqual([1, 2, 255, 254]);
    expect(sixteen.bits).toBe(32);
  });
  const text = '10110011';
  const hex = 'B3';
  test.each([
    ['a byte order mark', `\uFEFF${text}`, text],
    ['UTF-16', Buffer.from(`\uFEFF${text}\r\n`, 'utf16le'), text],
    ['UTF-16, big-endian', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(), text],
    ['commas', '1, 0, 1, 1,\n0, 0, 1, 1\n', text],
    ['a list of Python', '[[1, 0, 1, 1], [0, 0, 1, 1]]', text],
    ['quotes', `"${text}"\n`, text],
    ['hexadecimal digits', `${hex}\n`, text],
    ['0x before each byte', '0xB3, 0x01', `${text}00000001`],
    ['an odd number of hexadecimal digits', 'b3f', `${text}1111`],
  ])('text with %s', async (name, data, bits) => {
    expect(bitsOf(await fileInput(await file(`${name}.txt`, data)))).toBe(bits);
  });
  test('decimal digits as hexadecimal ones where that is asked for', async () => {
    const path = await file('decimal.txt', '12 34');
    expect(bitsOf(await fileInput(path, 'hex'))).toBe('0001001000110100');
    await expect(fileInput(path)).rejects.toThrow(
      /got other decimal digits; give --format hex .* or --format raw/,
    );
  });
  test('DICOM: samples of all frames, not the header', async () => {
    const words = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const path = await file('x.dcm', await dicom({ width: 2, height: 2, words, frames: 2 }));
    const input = await fileInput(path);
    expect([...input.bytes]).toEqual([...words]);
    expect(input.source).toMatch(/image 2 frames of 2x2, 1 channel, 8 bit$/);
  });
  test('other files of samples', async () => {
    const grey = {
      width: 3,
      height: 2,
      channels: 1,
      depth: 8,
      data: Uint8Array.of(9, 8, 7, 6, 5, 255),
    } as const;
    for (const [name, data] of Object.entries({
      'x.bmp': bmp(grey, { bits: 8 }),
      'x.pgm': pnm(grey),
      'x.npy': npyOf(grey),
      'x.mat': matOf(grey, 'double'),
    }))
      expect([name, ...(await fileInput(await file(name, data))).bytes]).toEqual([name, ...grey.data]);
  });
  test('arrays of 0 and 1, and truth values: a bit each', async () => {
    for (const descr of ['|u1', '|b1']) {
      const input = await fileInput(
        await file('bits.npy', npy(descr, [9], Buffer.from([1, 0, 1, 1, 0, 0, 1, 1, 1]))),
      );
      expect([bitsOf(input), input.bits]).toEqual([`${text}1`, 9]);
      expect(input.source).toMatch(/array 9 of values 0 and 1, a bit each$/);
    }
  });
  test('a JPEG is named as lossy', async () => {
    const jpeg = await sharp(Buffer.alloc(64, 7), { raw: { width: 8, height: 8, channels: 1 } })
      .jpeg()
      .toBuffer();
    expect((await fileInput(await file('x.png', jpeg))).source).toMatch(
      /is a JPEG file, whose compression is lossy/,
    );
  });
  test('a kind that is not read is named, its bytes are tested where that is asked for', async () => {
    const path = await file('x.h5', Buffer.from('\x89HDF\r\n\x1a\n12345678', 'latin1'));
    await expect(fileInput(path)).rejects.toThrow(/a file of kind HDF5 is not read; .* or give --format raw/);
    expect((await fileInput(path, 'raw')).bits).toBe(128);
  });
  test.each(['logistic', 'lorenz'] as const)('keystream of %s: what an image is xored with', (map) => {
    const shape = { width: 50, height: 40, channels: 1, depth: 8 } as const;
    const { zKey } = deriveKeys(map, baselineParams[map], shape, presets.sound);
    const input = keystreamInput({ map, preset: 'sound', depth: 8 }, 16_000);
    expect(Buffer.from(input.bytes).equals(Buffer.from(zKey as Uint8Array))).toBe(true);
    const wide = keystreamInput({ map, preset: 'sound', depth: 16 }, 100);
    const wideKey = deriveKeys(map, baselineParams[map], { ...shape, depth: 16 }, presets.sound).zKey;
    expect(wide).toMatchObject({ bits: 100, bytes: { length: 14 } });
    expect([...wide.bytes.subarray(0, 2)]).toEqual([wideKey[0]! >>> 8, wideKey[0]! & 255]);
  });

  const wrong: [string, () => Promise<unknown>, RegExp][] = [
    [
      'an empty file',
      async () => fileInput(await file('empty', '')),
      /expected at least 1 bit, got an empty file/,
    ],
    ['white space', async () => fileInput(await file('space', ' \n')), /got white space only/],
    ['a missing file', async () => fileInput(join(dir, 'none')), /there is no such file/],
    [
      'another character',
      async () => fileInput(await file('two', '0102'), 'ascii'),
      /expected characters 0 and 1, got byte 0x32 at place 3; use --format raw/,
    ],
    [
      'a text',
      async () => fileInput(await file('words', 'no bits')),
      /got byte 0x6e at place 0; use --format raw/,
    ],
    ['a text beyond ASCII', async () => fileInput(await file('dots', '0101…')), /got byte 0xe2 at place 4/],
    ['no image', async () => fileInput(await file('text', 'abc'), 'image'), /expected a PNG, JPEG/],
    [
      'wrong parameters',
      async () => keystreamInput({ map: 'logistic', params: [5], preset: 'paper', depth: 8 }, 800),
      /expected/,
    ],
  ];
  test.each(wrong)('%s', async (_, open, message) => {
    await expect(open()).rejects.toThrow(InputError);
    await expect(open()).rejects.toThrow(message);
  });
});

describe('cuts', () => {
  test.each([
    [2_500_000, undefined, undefined, { n: 1_000_000, sequences: 2, unused: 500_000 }],
    [524_288, undefined, undefined, { n: 524_288, sequences: 1, unused: 0 }],
    [1000, 300, undefined, { n: 300, sequences: 3, unused: 100 }],
    [1000, undefined, 3, { n: 333, sequences: 3, unused: 1 }],
    [9_000_000, undefined, 3, { n: 1_000_000, sequences: 3, unused: 6_000_000 }],
    [1000, 200, 5, { n: 200, sequences: 5, unused: 0 }],
  ])('%i bits, --bits %s, --sequences %s', (available, bits, sequences, cut) => {
    expect(cutInput(available, bits, sequences)).toEqual(cut);
  });
  test.each([
    [1000, 201, 5, '5 times 201 bits are 1005, the input has 1000; give a longer input'],
    [1000, 1001, undefined, '1 times 1001 bits are 1001'],
    [4, undefined, 5, '5 times 1 bits are 5, the input has 4'],
    [1000, 0, undefined, '"bits" expected an integer of at least 1, got 0'],
    [1000, 1.5, undefined, 'got 1.5'],
    [1000, undefined, -1, '"sequences" expected an integer of at least 1, got -1'],
    [1000, Number.NaN, undefined, 'got NaN'],
  ])('%i bits, --bits %s, --sequences %s', (available, bits, sequences, message) => {
    expect(() => cutInput(available, bits, sequences)).toThrow(message);
    expect(() => cutInput(available, bits, sequences)).toThrow(InputError);
  });
});

describe('runs', () => {
  const input: NistInput = { source: 'noise', bytes: noise(2000, 1), bits: 16_000 };
  test('sequences that begin within a byte are the right ones, on one thread or more', async () => {
    const cut = cutInput(input.bits, 1003);
    const single = await testSequences(input, cut, { threads: 1 });
    expect(single).toMatchObject({ bits: 1003, sequences: 15, unusedBits: 955 });
    const text = bitsOf(input);
    single.perSequence.forEach(({ pValues, sequence }) => {
      const bits = bitsFromText(text.slice(sequence * 1003, (sequence + 1) * 1003));
      expect(pValues.frequency).toBe(tests.frequency(bits).subTests[0]!.p);
      expect(pValues['cusum/reverse']).toBe(tests.cusum(bits).subTests[1]!.p);
    });
    expect(await testSequences(input, cut, { threads: 2 })).toEqual(single);
  });
  test('chosen tests only, and the options reach them', async () => {
    const request = { tests: ['serial'], options: { allowShort: true, serialM: 4 }, threads: 1 } as const;
    const run = await testSequences(input, cutInput(input.bits, 4000, 2), request);
    expect(run.options).toMatchObject({ allowShort: true, serialM: 4, reference: false });
    for (const { pValues } of run.perSequence)
      expect(Object.keys(pValues)).toEqual(['serial/p1', 'serial/p2']);
  });
  test('one constant sequence among others has its p = 0', async () => {
    const bytes = Uint8Array.from(input.bytes).fill(0, 0, 1000);
    const run = await testSequences({ ...input, bytes }, cutInput(16_000, 8000), { threads: 1 });
    expect(run.perSequence[0]!.pValues.frequency).toBe(0);
    expect(run.perSequence[1]!.pValues.frequency).toBeGreaterThan(0);
    expect(run.summary.verdict).toBe('rejected');
  });
  test.each([
    [0, 24],
    [255, 24],
    [255, 21],
    [0, 3],
  ])('nothing but byte %i, %i bits', async (byte, bits) => {
    const constant = { source: 'constant', bytes: new Uint8Array(3).fill(byte), bits };
    const run = testSequences(constant, cutInput(bits));
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow(`expected bits of both values, got ${bits} times ${byte & 1}`);
  });
  test('too short for every test: the minimum is named', async () => {
    const short = { source: 'short', bytes: noise(4, 2), bits: 32 };
    await expect(testSequences(short, cutInput(32))).rejects.toThrow(/expected at least 100 bits, got 32/);
  });
  test.each([0, 0.5, -1, Number.NaN])('alpha %s', async (alpha) => {
    await expect(testSequences(input, cutInput(16_000), { alpha })).rejects.toThrow(
      /"alpha" expected a number/,
    );
  });
});
