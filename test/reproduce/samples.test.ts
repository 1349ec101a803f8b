import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { encodePng } from '../../src/data/images/image.ts';
import { loadSamples } from '../../src/reproduce/samples.ts';
import { formatWallClock } from '../../src/shared/datetime.ts';
import { besidePackage } from '../../src/shared/package.ts';
import { noise, same, withChunk } from '../data/images/_images.ts';

const folder = besidePackage('samples');
const small = { channels: 'rgb', seed: 1, scale: 0.05 } as const;
const dir = await mkdtemp(join(tmpdir(), 'medchaos-samples-'));
afterAll(() => rm(dir, { recursive: true }));

describe('the shipped files', async () => {
  const files = (await readdir(folder)).filter((name) => name !== 'README.md');

  test('four, at most 1.5 MB together, each with its SHA-256 in the README', async () => {
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    let bytes = 0;
    for (const name of files) {
      const data = await readFile(join(folder, name));
      bytes += data.length;
      expect(readme).toContain(`\`${name}\``);
      expect(readme).toContain(createHash('sha256').update(data).digest('hex'));
    }
    expect(files.length).toBe(4);
    expect(bytes + (await stat(join(folder, 'README.md'))).size).toBeLessThan(1_500_000);
  });
});

describe('default samples', async () => {
  const full = await loadSamples({ channels: 'rgb', seed: 1 });
  const by = (id: string) => full.find((image) => image.id === id)!;

  test("the paper's sizes, RGB, 8 bits", () => {
    expect(full.map(({ id, raster: r }) => `${id} ${r.width}x${r.height}x${r.channels}@${r.depth}`)).toEqual([
      'sample1 339x509x3@8',
      'sample2 702x701x3@8',
      'sample3 2124x2056x3@8',
      'sample4 581x476x3@8',
      'table7a 256x256x3@8',
      'table7b 256x256x3@8',
      'table7c 256x256x3@8',
      'table7d 512x512x3@8',
    ]);
  });

  test('real dates where the file has one, else synthetic, all distinct', () => {
    expect(full.map(({ dateSource }) => dateSource)).toEqual([
      'png:tIME',
      'synthetic',
      'exif:ModifyDate',
      'synthetic',
      'png:tIME',
      'exif:ModifyDate',
      'synthetic',
      'synthetic',
    ]);
    expect(formatWallClock(by('sample1').when)).toBe('2016-09-19T19:02:18');
    expect(new Set(full.map(({ when }) => formatWallClock(when))).size).toBe(8);
  });

  test('captions tell source, both sizes, the resize and where the date is from', () => {
    expect(by('sample3').caption).toBe(
      'paediatric chest X-ray, Kermany et al. 2018 (CC BY 4.0), NORMAL2-IM-1437-0001.jpeg, ' +
        '1240x1104 resized to 2124x2056 by Lanczos, date from exif:ModifyDate',
    );
    expect(by('sample2').caption).toBe(
      'generated fundus-like picture (no retina), seed 1, made at 702x701, synthetic date',
    );
  });

  test('the X-rays as RGB are grey', () => {
    const { data } = by('table7a').raster;
    expect(data.every((value, i) => value === data[i - (i % 3)])).toBe(true);
  });
});

describe('choices', () => {
  test('one seed gives the same, another other phantoms and dates', async () => {
    const [a, b, c] = [
      await loadSamples(small),
      await loadSamples(small),
      await loadSamples({ ...small, seed: 2 }),
    ];
    expect(a.every((image, i) => same(image.raster, b[i]!.raster))).toBe(true);
    expect(same(a[1]!.raster, c[1]!.raster)).toBe(false);
    expect(formatWallClock(a[1]!.when)).not.toBe(formatWallClock(c[1]!.when));
  });

  test('native keeps grey grey', async () => {
    const native = await loadSamples({ ...small, channels: 'native' });
    expect(native.map(({ raster }) => raster.channels)).toEqual([1, 3, 1, 1, 1, 1, 1, 3]);
  });

  test("the user's files fill the first places; alpha is dropped before the resize", async () => {
    const rgba = { width: 8, height: 8, channels: 4, depth: 8, data: new Uint8Array(256) } as const;
    for (let i = 0; i < 256; i += 4) rgba.data.set([200, 100, 50, 0], i);
    const mine = join(dir, 'mine.png');
    await writeFile(mine, withChunk(await encodePng(rgba), 'tIME', Buffer.from([7, 224, 9, 19, 18, 49, 40])));
    const [first, second] = await loadSamples({ ...small, files: [mine] });
    expect(first).toMatchObject({ source: 'mine.png', dateSource: 'png:tIME' });
    expect(first!.caption).toBe('mine.png, 8x8 resized to 17x25 by Lanczos, date from png:tIME');
    expect(Array.from(first!.raster.data.slice(0, 3))).toEqual([200, 100, 50]);
    expect(second!.source).toBe('fundus-phantom');
  });

  test('a 16-bit file stays 16-bit', async () => {
    const deep = join(dir, 'deep.png');
    await writeFile(deep, await encodePng(noise(20, 30, 1, 16, 1)));
    const [first] = await loadSamples({ ...small, files: [deep] });
    expect(first!.raster).toMatchObject({ channels: 3, depth: 16 });
    expect(first!.dateSource).toBe('synthetic');
  });

  test('a data folder is used where it has the set, and the caption says where not', async () => {
    await mkdir(join(dir, 'data/nih/images'), { recursive: true });
    await cp(join(folder, '00008980_000.png'), join(dir, 'data/nih/images/00000007_000.png'));
    const images = await loadSamples({ ...small, data: join(dir, 'data') });
    expect(images[0]!.source).toBe('00000007_000.png');
    expect(images[4]!.source).toBe('00000007_000.png'); // the only one there is
    expect(images[1]!.caption).toMatch(/holds no drive image$/);
    expect(images[2]!.caption).toMatch(/1437.*holds no pneumonia image$/);
  });
});

describe('wrong input', () => {
  test.each<[string, Partial<Parameters<typeof loadSamples>[0]>, RegExp]>([
    ['nine files', { files: Array(9).fill('a.png') }, /"samples" expected 1 to 8 files, got 9/],
    [
      'a missing file',
      { files: [join(dir, 'no.png')] },
      /cannot read image .*no\.png: there is no such file/,
    ],
    ['no image', { files: [join(folder, 'README.md')] }, /README\.md: expected a PNG/],
    ['a missing folder', { data: join(dir, 'none') }, /cannot read data folder/],
    ['scale 0', { scale: 0 }, /"scale" expected a number in \(0, 1\]/],
    ['scale NaN', { scale: Number.NaN }, /"scale"/],
  ])('%s', async (_, options, message) => {
    await expect(loadSamples({ ...small, ...options })).rejects.toThrow(message);
  });
});
