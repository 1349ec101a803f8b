/** What `encrypt` reads of an image besides its samples. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { encodePng } from '../../src/data/images/image.ts';
import { lookAt } from '../../src/data/pairs/survey/look.ts';
import { loadImage } from '../../src/sealing/seal-image.ts';
import { medchaosHere } from '../commands/_cli.ts';
import { dicom } from '../data/dicom/_dicom.ts';
import { noise } from '../data/images/_images.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-load-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const texts = {
  '00080020': 'DA 20040111',
  '00080030': 'TM 070809',
  '00080060': 'CS MR',
  '00100020': 'LO patient 1',
};
const words = Uint8Array.from({ length: 64 }, (_, i) => i);
writeFileSync(join(dir, 'scan'), await dicom({ width: 8, height: 8, words, texts }));
writeFileSync(
  join(dir, 'odd'),
  await dicom({ width: 8, height: 8, words, texts: { ...texts, '00080060': 'CS mr/ct' } }),
);
writeFileSync(join(dir, 'plain.png'), await encodePng(noise(8, 8, 1, 8, 1)));
const load = async (name: string, needsDate = true) =>
  (
    await loadImage(
      { image: join(dir, name), as: 'png' },
      { channels: 'native', date: '2020-01-01' },
      needsDate,
    )
  ).when;

test('a DICOM file gives modality and patient hash, as pairs finds them', async () => {
  const patient = createHash('sha256').update('dicom::patient 1').digest('hex').slice(0, 16);
  expect(await load('scan')).toMatchObject({ year: 2020, extra: { modality: 'MR', patient } });
  expect(await lookAt(dir, { path: 'scan', set: 'dicom' }, 'none')).toMatchObject({
    modality: 'MR',
    patient,
  });
});

test('a modality that is no code string is not known; other files tell neither', async () => {
  expect(await load('odd')).toMatchObject({ extra: { modality: '' } });
  expect(await load('plain.png')).toMatchObject({ year: 2020, extra: undefined });
});

test('where no network is asked, nothing but the date is read', async () => {
  expect(await load('scan', false)).toEqual({ year: 2020, month: 1, day: 1, hour: 0, minute: 0, second: 0 });
});

test('encrypt --json says which date it found and which it passed over', async () => {
  const exif = { IFD2: { DateTimeOriginal: 'soon', DateTimeDigitized: '2021:03:04 05:06' } };
  const picture = sharp(noise(8, 8, 3, 8, 1).data, { raw: { width: 8, height: 8, channels: 3 } });
  writeFileSync(join(dir, 'dated.jpg'), await picture.withExif(exif).jpeg().toBuffer());
  await medchaosHere(['keygen', '--type', 'p256', '--out', 'keys'], dir);
  const common = ['--params', '3.95', '--recipient', 'keys/public.pem', '--out', 'sealed', '--json'];
  const { stdout } = await medchaosHere(['encrypt', 'dated.jpg', 'plain.png', ...common], dir);
  expect(JSON.parse(stdout).files.map((file: { date: unknown }) => file.date)).toEqual([
    {
      value: '2021-03-04T05:06:00',
      source: 'exif:CreateDate',
      passedOver: [{ source: 'exif:DateTimeOriginal', why: '"soon" is no date and time' }],
    },
    null,
  ]);
});
