/** The commands `metrics` and `report`, run as functions. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import metrics from '../../scripts/metrics.ts';
import report from '../../scripts/report.ts';
import { InputError } from '../../src/shared/errors.ts';
import { writeResults } from '../../src/tables/run-json.ts';
import { makeFixture, writePictures } from './fixture.ts';

const fixture = makeFixture(8);
let out: string;
const runMetrics = (plain: string, cipher: string) =>
  metrics.run({ plain, cipher, channels: 'native', level: 0.01, seed: 1, _: [], $0: '' } as never);
const runReport = (run: string) => report.run({ run: [run], _: [], $0: '' } as never);

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'medchaos-commands-'));
  await writePictures(out, fixture);
  await writeResults(out, fixture.results);
});
afterAll(() => rm(out, { recursive: true }));

const file = (image: string, name: string): string =>
  join(out, 'images', image, 'logistic+resnet18', `${name}.png`);

test('metrics: values of the cell, and a verdict each', async () => {
  const { json, text } = await runMetrics(file('sample1', 'plain'), file('sample1', 'cipher'));
  const { measures } = json as { measures: { name: string; value: number; verdict: string }[] };
  const cell = fixture.results.cells[0]!;
  expect(measures.find((m) => m.name === 'uaci')!.value).toBe(cell.measures.uaci.value);
  expect(measures.find((m) => m.name === 'chi2_cipher')!.value).toBe(cell.chi2Cipher.value);
  expect(text).toMatch(/npcr +99\.\d+ % +99\.6094 ± \d/);
});

test('metrics of an image with itself: all off, PSNR infinite', async () => {
  const plain = file('sample2', 'plain');
  const { json, text } = await runMetrics(plain, plain);
  const { measures } = json as { measures: { section: string; verdict: string }[] };
  const judged = measures.filter(({ section }) => ['paper', 'residual', 'histogram'].includes(section));
  expect(judged.every((m) => m.verdict === 'off')).toBe(true);
  expect(text).toMatch(/psnr +infinite.*the images are equal/);
});

test.each([
  ['another shape', () => file('sample2', 'cipher'), /"cipher" expected the shape of "plain"/],
  ['no file', () => join(out, 'none.png'), /none.png/],
  ['no image', () => join(out, 'run.json'), /run.json/],
])('metrics refuses %s', async (_, cipher, message) => {
  const run = runMetrics(file('sample1', 'plain'), cipher());
  await expect(run).rejects.toThrow(message);
  await expect(run).rejects.toThrow(InputError);
});

test('report makes tables and page from run.json', async () => {
  const { json } = await runReport(out);
  expect(json).toEqual({ reports: [join(out, 'report.html')] });
  expect(await readFile(join(out, 'tables', 'table-5.csv'), 'utf8')).toContain(
    'uaci,sample1,logistic+resnet18,33.5588,',
  );
});

test('report of two runs compares them: settings, numbers and pictures that differ', async () => {
  const other = await mkdtemp(join(tmpdir(), 'medchaos-other-'));
  const { cells, ...rest } = fixture.results;
  const [first, ...others] = cells;
  const npcr = { ...first!.measures.npcr, value: first!.measures.npcr.value! + 1 };
  const changed = { ...first!, measures: { ...first!.measures, npcr } };
  await writeResults(other, { ...rest, seed: 2, cells: [changed, ...others] });
  const { json } = await report.run({ run: [out, other], _: [], $0: '' } as never);
  const path = (json as { reports: string[] }).reports[2]!;
  const page = await readFile(path, 'utf8');
  await rm(other, { recursive: true });
  expect(page).toContain('1 settings and 1 numbers differ; 1 numbers differ by more than 6');
  expect(page).toContain('<th scope="row">Seed</th><td>1</td><td>2</td>');
  expect(page).toContain(`title="${npcr.value - 1}"`);
  expect(page).toContain(`title="${npcr.value}"`);
  expect(page).toMatch(/<img src="data:image.jpeg[^>]*alt="A, plain/);
});

test('report of an unfinished run says so', async () => {
  const half = await mkdtemp(join(tmpdir(), 'medchaos-half-'));
  await writeFile(join(half, 'status.json'), '{"state":"running"}');
  await expect(runReport(half)).rejects.toThrow(/not finished \(running\); run the command that began it/);
  await rm(half, { recursive: true });
});

test('report refuses a folder without a run, and a damaged picture', async () => {
  await expect(runReport(join(out, 'tables'))).rejects.toThrow(/tables is no run folder, and no id of a run/);
  await writeFile(file('sample1', 'cipher'), 'no image');
  await expect(runReport(out)).rejects.toThrow(InputError);
});
