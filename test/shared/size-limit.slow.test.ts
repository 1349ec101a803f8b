/** How large a picture may be when decoded, for the size of its file: a table over formats. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { makeCurveKeyPair } from '../../src/cipher/index.ts';
import { loadRaster } from '../../src/data/images/image.ts';
import { chunk } from '../../src/data/images/png.ts';
import { decodePlainPng } from '../../src/data/images/png-decode.ts';
import { readSafetensors } from '../../src/models/safetensors.ts';
import { takeApart } from '../../src/sealing/dicom-object.ts';
import { allowDecoded, checkDecoded, mostDecoded } from '../../src/shared/size-limit.ts';
import { medchaos } from '../commands/_cli.ts';
import { dicom, type Syntax } from '../data/dicom/_dicom.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-size-'));
afterAll(() => rmSync(dir, { recursive: true }));
afterEach(() => void delete process.env.MEDCHAOS_MAX_DECODED);

describe('the limit', () => {
  test.each([
    [100, 67_128_864],
    [100_000, 87_108_864],
    [1_000_000, 90_000_000],
    [10_000_000, 200_000_000],
    [100_000_000, 512_000_000],
  ])('of a file of %i bytes: %i', (packed, most) => {
    expect(mostDecoded(packed)).toBe(most);
    expect(() => checkDecoded(most, packed, 'a.png')).not.toThrow();
    expect(() => checkDecoded(most + 1, packed, 'a.png')).toThrow(/a\.png: expected at most .*--max-decoded/);
  });
  test('by hand it is the same for all files', () => {
    allowDecoded(3000);
    expect(mostDecoded(100)).toBe(3e9);
  });
});

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** @param kind depth, colour type, bits a pixel */
function png(side: number, [depth, colour, bits]: readonly number[], ...between: Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([depth!, colour!], 8);
  const rows = Buffer.alloc((Math.ceil((side * bits!) / 8) + 1) * side);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    ...between,
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const palette = [chunk('PLTE', Buffer.from([0, 0, 0, 255, 255, 255])), chunk('tRNS', Buffer.from([9, 9]))];
const said = (width: number, height: number, syntax: Syntax, words: number, texts = {}) =>
  dicom({ width, height, words: new Uint8Array(words), texts }, syntax);
const blank = (side: number) =>
  sharp({ create: { width: side, height: side, channels: 3, background: '#123' } });

/** Files of at most 1.1 MB. */
const bombs: [name: string, file: () => Buffer | Promise<Buffer>][] = [
  ['grey PNG', () => png(10_000, [8, 0, 8])],
  ['RGBA PNG of 16 bits', () => png(3600, [16, 6, 64])],
  ['palette PNG of 1 bit', () => png(5000, [1, 3, 1], ...palette)],
  ['PNG with 1 MB of filling', () => png(10_000, [8, 0, 8], chunk('juNk', randomBytes(1_000_000)))],
  ['deflated DICOM', () => said(10_000, 10_000, 'deflated', 1e8)],
  ['DICOM of many rows', () => said(60_000, 60_000, 'explicit', 16)],
  ['JPEG', () => blank(6500).jpeg({ quality: 20 }).toBuffer()],
  ['TIFF', () => blank(6500).tiff({ compression: 'deflate' }).toBuffer()],
  ['GIF', () => blank(6500).gif().toBuffer()],
  ['WebP', () => blank(6500).webp({ lossless: true }).toBuffer()],
];

describe('bombs', () => {
  test.each(bombs)('%s', async (_, file) => {
    const bytes = await file();
    expect(bytes.length).toBeLessThan(1_100_000);
    const loading = loadRaster(bytes, 'bomb', 'native').then(({ data }) => data.length); // no raster in a report
    await expect(loading).rejects.toThrow(/bomb: expected at most \d+ MB when decoded/);
  });

  test('the fast path of PNG', () => {
    expect(() => decodePlainPng(png(10_000, [8, 0, 8]), 'bomb')).toThrow(/when decoded/);
  });

  test.each([
    ['many rows', () => said(60_000, 60_000, 'explicit', 16)],
    ['many frames', () => said(4, 4, 'explicit', 16, { '00280008': 'IS 2147483647' })],
    ['a small compressed stream', async () => enlarged(await said(16, 16, 'rle', 256))],
    ['a deflated data set', () => said(10_000, 10_000, 'deflated', 1e8)],
  ])('an encrypted DICOM object of %s', async (_, file) => {
    await expect(takeApart(await file(), 'bomb')).rejects.toThrow(/expected at most \d+ MB when decoded/);
  });

  test('a PNG of a million chunks', async () => {
    const empty = chunk('abCd', Buffer.alloc(0));
    const many = png(4, [8, 0, 8], Buffer.alloc(1_000_000 * empty.length, empty));
    await expect(loadRaster(many, 'bomb', 'native')).rejects.toThrow(/more than 100000 chunks/);
  });

  test('weights with a header of 9 MB', async () => {
    const head = Buffer.alloc(8);
    head.writeBigUInt64LE(9_000_000n);
    writeFileSync(join(dir, 'w.safetensors'), Buffer.concat([head, Buffer.alloc(9_000_000, ' ')]));
    await expect(readSafetensors(join(dir, 'w.safetensors'))).rejects.toThrow(
      /header of at most 8388608 bytes/,
    );
  });
});

/** 11,000 rows and columns in the attributes. */
function enlarged(file: Buffer): Buffer {
  const rows = file.indexOf(Buffer.from([0x28, 0, 0x10, 0, 0x55, 0x53, 2, 0]));
  file.writeUInt16LE(11_000, rows + 8);
  file.writeUInt16LE(11_000, rows + 18);
  return file;
}

test('encrypt --max-decoded', async () => {
  writeFileSync(join(dir, 'mask.png'), png(10_000, [8, 0, 8]));
  writeFileSync(join(dir, 'small.png'), png(1500, [8, 0, 8]));
  writeFileSync(join(dir, 'public.pem'), (await makeCurveKeyPair('x25519')).publicPem);
  const encrypt = (image: string, ...more: string[]) => {
    const options = ['--params', '3.95', '--recipient', 'public.pem', '--out', 'sealed'];
    return medchaos(['encrypt', image, ...options, ...more], dir);
  };
  const refused = (message: RegExp) => ({ code: 2, stderr: expect.stringMatching(message) });
  expect(encrypt('mask.png')).toMatchObject(refused(/got 100 MB from .* raise --max-decoded/));
  expect(encrypt('small.png', '--max-decoded', '0')).toMatchObject(refused(/above 0, got 0/));
  expect(encrypt('small.png', '--max-decoded', '2')).toMatchObject(refused(/at most 2 MB .* got 3 MB/));
  expect(encrypt('small.png', '--max-decoded', '3').code).toBe(0);
});
