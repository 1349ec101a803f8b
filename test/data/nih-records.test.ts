/** The table of NIH ChestX-ray14: both headers, wrong lines, and the real one where it is at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { byPatient, readNihRecords } from '../../src/data/nih-records.ts';

const dir = await mkdtemp(join(tmpdir(), 'medchaos-nih-'));
afterAll(() => rm(dir, { recursive: true }));
const head = (sex = 'Sex'): string =>
  `Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient ${sex},View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]`;
const lines = [
  '00000001_000.png,Cardiomegaly|Emphysema,0,1,57,M,PA,2682,2749,0.143,0.144',
  '00000002_000.png,No Finding,0,2,80,F,AP,2500,2048,0.171,0.171',
  '00000001_001.png,Hernia,1,1,58,M,PA,2894,2729,1.9e-1,0.143',
];
const read = async (...all: string[]) => {
  const path = join(dir, 'table.csv');
  await writeFile(path, all.join('\n'));
  return readNihRecords(path);
};

describe('records', () => {
  test.each(['Sex', 'Gender'])('header with Patient %s', async (sex) => {
    const records = await read(head(sex), ...lines, '');
    expect(records[0]).toEqual({
      ...{ image: '00000001_000.png', patient: 1, followUp: 0, findings: ['Cardiomegaly', 'Emphysema'] },
      ...{ age: 57, sex: 'M', view: 'PA' },
      ...{ original: { width: 2682, height: 2749 }, spacing: { x: 0.143, y: 0.144 } },
    });
    expect(records[1]!.findings).toEqual([]);
    expect(records[2]!.spacing.x).toBe(0.19);
    const patients = byPatient(records);
    expect([...patients.keys()]).toEqual([1, 2]);
    expect(patients.get(1)!.map(({ followUp }) => followUp)).toEqual([0, 1]);
  });

  test('line ends of Windows, a byte order mark', async () => {
    expect((await read(`\uFEFF${head()}\r`, `${lines[0]}\r`)).length).toBe(1);
  });

  test.each<[string, string[], RegExp]>([
    ['an empty file', [''], /expected the header of Data_Entry_2017_v2020.csv, got ""; fetch the file again/],
    ['the boxes', ['Image Index,Finding Label,Bbox [x,y,w,h],,,'], /expected the header/],
    ['a web page', ['<html>'], /got "<html>"/],
    ['a line cut off', [head(), lines[0]!, lines[1]!.slice(0, 50)], /line 3 expected 11 fields of an image/],
    ['no image', [head(), lines[0]!.replace('.png', '.jpg')], /line 2 expected/],
  ])('refuses %s', async (_, all, message) => {
    await expect(read(...all)).rejects.toThrow(message);
  });

  test('a file that is not there', async () => {
    await expect(readNihRecords(join(dir, 'none.csv'))).rejects.toThrow(
      /cannot read .* run: medchaos datasets fetch --only nih/,
    );
  });
});

const real = process.env.MEDCHAOS_DATA && join(process.env.MEDCHAOS_DATA, 'nih/Data_Entry_2017_v2020.csv.gz');
const there = Boolean(real && existsSync(real));
test.skipIf(!there)(`the real table ${there ? '' : '(MEDCHAOS_DATA names none)'}`, async () => {
  const path = join(dir, 'real.csv');
  await writeFile(path, gunzipSync(readFileSync(real!)));
  const records = await readNihRecords(path);
  expect([records.length, byPatient(records).size]).toEqual([112_120, 30_805]);
  expect(records.filter(({ findings }) => findings.length === 0).length).toBe(60_361);
  expect(records.filter(({ findings }) => findings.length > 1).length).toBe(20_796);
  for (const { image, patient } of records) if (Number(image.slice(0, 8)) !== patient) throw new Error(image);
});
