import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { encodePng } from '../../../../src/data/images/image.ts';
import { chunk } from '../../../../src/data/images/png.ts';
import { listImages } from '../../../../src/data/pairs/survey/list.ts';
import { type CopyTest, type ImageLook, lookAt } from '../../../../src/data/pairs/survey/look.ts';
import { surveyImages } from '../../../../src/data/pairs/survey/survey.ts';
import { allOf } from '../../../shared/_all.ts';
import { dicom } from '../../dicom/_dicom.ts';
import { gradient, noise } from '../../images/_images.ts';

const dir = await mkdtemp(join(tmpdir(), 'medchaos-survey-'));
afterAll(() => rm(dir, { recursive: true }));

const data = join(dir, 'data');
await mkdir(join(data, 'nih/images'), { recursive: true });
await mkdir(join(data, 'dicom/series'), { recursive: true });
const names = Array.from({ length: 70 }, (_, i) => `nih/images/0000000${i % 7}_0${10 + i}.png`);
for (const [i, name] of names.entries())
  await writeFile(join(data, name), await encodePng(noise(5, 4, 1, 8, i)));
const scan = { width: 3, height: 2, words: new Uint8Array(6) };
const texts = { '00080060': 'CS CT', '00100020': 'LO P 1', '00080020': 'DA 20200102' };
await writeFile(join(data, 'dicom/series/IM1'), await dicom({ ...scan, texts }));
await writeFile(join(data, 'dicom/series/notes.txt'), 'no DICOM file');
const images = await listImages(data);

const survey = async (
  folder: string | null,
  copies: CopyTest = 'pixels',
  threads = 0,
): Promise<ImageLook[]> => allOf(surveyImages({ data, images, copies, folder, threads }));

describe('listImages', () => {
  test('sets, and DICOM files of any name, in the order of their paths', () => {
    expect(images.map(({ path }) => path)).toEqual([...names.toSorted(), 'dicom/series/IM1']);
    expect(images.at(-1)!.set).toBe('dicom');
  });
});

describe('surveyImages', async () => {
  const once = await survey(null);
  const file = (folder: string) => readFile(join(folder, 'images.jsonl'), 'utf8');

  test('says size, date, modality and patient', () => {
    expect(once[0]).toMatchObject({ width: 5, height: 4, date: null, modality: 'DX', fault: null });
    expect(once.at(-1)).toMatchObject({
      width: 3,
      height: 2,
      date: '2020-01-02T00:00:00',
      dateSource: 'dicom:StudyDate',
      modality: 'CT',
    });
    expect(once.at(-1)!.patient).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set(once.map(({ patient }) => patient)).size).toBe(8);
    expect(new Set(once.map(({ pixelHash }) => pixelHash)).size).toBe(71);
  });

  test('two threads say the same, in the same order', async () => {
    expect(await survey(null, 'pixels', 2)).toEqual(once);
  });

  test.each([0, 1, 33, 70])('killed after %i images and half a line, it goes on', async (kept) => {
    const folder = join(dir, `killed-${kept}`);
    expect(await survey(folder)).toEqual(once);
    const whole = await file(folder);
    const lines = whole.split('\n').slice(0, kept + 1);
    await writeFile(join(folder, 'images.jsonl'), `${lines.join('\n')}\n{"path":"nih/images/000`);
    expect(await survey(folder)).toEqual(once);
    expect(await file(folder)).toBe(whole);
  });

  test('what was kept is not looked at again, and stopping early keeps what was seen', async () => {
    const folder = join(dir, 'early');
    let taken = 0;
    for await (const _ of surveyImages({ data, images, copies: 'pixels', folder, threads: 0 }))
      if (++taken === 40) break;
    const marked = (await file(folder)).replaceAll('"modality":"DX"', '"modality":"kept"');
    await writeFile(join(folder, 'images.jsonl'), marked);
    const again = await survey(folder);
    const kept = again.filter(({ modality }) => modality === 'kept').length;
    expect(kept).toBeGreaterThanOrEqual(40);
    expect(kept).toBeLessThan(70);
    expect(again.map(({ pixelHash }) => pixelHash)).toEqual(once.map(({ pixelHash }) => pixelHash));
  });

  test('a changed file and all behind it are looked at again; another list or copy test begins anew', async () => {
    const folder = join(dir, 'changed');
    await survey(folder, 'bytes');
    expect((await survey(folder))[0]!.pixelHash).toBe(once[0]!.pixelHash);
    const changed = join(data, images[50]!.path);
    const before = await readFile(changed);
    await writeFile(changed, await encodePng(noise(6, 4, 1, 8, 999)));
    const again = await survey(folder);
    await writeFile(changed, before);
    expect(again[50]).toMatchObject({ width: 6 });
    expect(again.toSpliced(50, 1)).toEqual(once.toSpliced(50, 1));
    const fewer = allOf(
      surveyImages({ data, images: images.slice(9), copies: 'pixels', folder, threads: 0 }),
    );
    expect(await fewer).toEqual(once.slice(9));
  });

  test('garbage at the end is dropped', async () => {
    const folder = join(dir, 'garbage');
    await survey(folder);
    await appendFile(join(folder, 'images.jsonl'), '{"path":"x"}\n');
    expect(await survey(folder)).toEqual(once);
  });
});

describe('a fault is noted and ends nothing', async () => {
  const png = await encodePng(gradient(40, 40, 1, 8));
  const flipped = Buffer.from(png);
  flipped[60]! ^= 1;
  const header = Buffer.from(png.subarray(16, 29));
  header.writeUInt32BE(30_000, 0);
  header.writeUInt32BE(30_000, 4);
  const bomb = Buffer.concat([png.subarray(0, 8), chunk('IHDR', header), png.subarray(33)]);
  const jpeg = await sharp(Buffer.alloc(4800), { raw: { width: 40, height: 40, channels: 3 } })
    .jpeg()
    .toBuffer();
  test.each<[string, Buffer | Promise<Buffer>, CopyTest, RegExp]>([
    ['no bytes', Buffer.alloc(0), 'none', /got an empty file/],
    ['a header of 30,000 x 30,000', bomb, 'none', /at most \d+ MB when decoded, got 900 MB/],
    ['text', Buffer.from('no image'), 'none', /expected an image/],
    ['a flipped bit', flipped, 'pixels', /damaged/],
    ['half a PNG', png.subarray(0, 100), 'pixels', /damaged/],
    ['half a JPEG', jpeg.subarray(0, jpeg.length / 2), 'pixels', /damaged/],
    ['DICOM without pixels', dicom({ ...scan, pixels: null }), 'none', /no pixel data/],
    ['DICOM cut off', dicom(scan).then((file) => file.subarray(0, -2)), 'pixels', /damaged/],
  ])('%s', async (_, bytes, copies, message) => {
    await writeFile(join(dir, 'one.png'), await bytes);
    const look = await lookAt(dir, { path: 'one.png', set: 'files' }, copies);
    expect(look.fault).toMatch(message);
  });

  test('a file that is gone', async () => {
    expect((await lookAt(dir, { path: 'gone.png', set: 'files' }, 'none')).fault).toMatch(/ENOENT/);
  });
});
