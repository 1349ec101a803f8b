/** The page of a training run, and the command that makes it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import report from '../../scripts/report.ts';
import { parameterRanges } from '../../src/cipher/parameters.ts';
import { curvesFigure, thinned } from '../../src/report/training-page.ts';
import { trainDefaults } from '../../src/training/config.ts';
import { outcomeText, outputResults, scatterOf } from '../../src/training/outputs.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-page-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const point = (epoch: number) => ({
  epoch,
  steps: 8 * epoch,
  imagesSeen: 256 * epoch,
  trainLoss: 0.1 / epoch,
  valLoss: 0.2 / epoch,
  valMae: [0.1, 0.1, 0.1],
  valR2: [1 - 0.5 / epoch, 1, -0.01],
  lr: 0,
  seconds: epoch,
});

test('curves: both losses, and for each output what is left unexplained, never below what a log axis shows', () => {
  const { panels, alt } = curvesFigure('x', [point(1), point(2)], ['sigma', 'rho', 'beta']);
  expect(panels.map(({ series }) => series.map(({ name, y }) => [name, y]))).toEqual([
    [
      ['training loss', [0.1, 0.05]],
      ['validation loss', [0.2, 0.1]],
    ],
    [
      ['1 - R2, sigma', [0.5, 0.25]],
      ['1 - R2, rho', [1e-6, 1e-6]],
      ['1 - R2, beta', [1.01, 1.01]],
    ],
  ]);
  expect(panels[0]!.series[0]!.x).toEqual([256, 512]);
  expect(alt).toContain('After 512 images: validation loss 0.100, R2 0.7500, 1.0000, -0.0100');
});

describe('the figures', () => {
  test('losses by step, learning rate and speed; a long curve is thinned to means', () => {
    const steps = Array.from({ length: 1500 }, (_, i) => ({
      ...{ imagesSeen: 32 * (i + 1), loss: i % 2, lr: 1e-3, imagesPerSecond: 50 },
    }));
    const { panels } = curvesFigure('x', [], ['sigma'], steps);
    expect(panels.map(({ title }) => title)).toEqual(['Loss', 'Learning rate', 'Speed']);
    expect(panels[0]!.series[0]!.y).toHaveLength(500);
    expect(thinned([1, 2, 3, 4, 5], [0, 2, 4, 6, 8], 3)).toEqual({ x: [1.5, 3.5, 5], y: [1, 5, 8] });
  });

  test('true and predicted dates on axes of years, days and hours; of another target in units of the map', () => {
    const rows = { epoch: 1, dates: [], wanted: [[0.5, 0.5, 0.5]], predicted: [[0.6, 0.4, 0.25]] };
    expect(
      scatterOf({ map: 'lorenz', target: 'calendar' }, rows).map((s) => [s.unit, s.truth, s.predicted]),
    ).toEqual([
      ['year', [2015], [2020]],
      ['day of the year', [182.625], [146.1]],
      ['hour', [12], [6]],
    ]);
    const [sigma] = scatterOf({ map: 'lorenz', target: 'hash' }, rows);
    expect(sigma).toMatchObject({ unit: 'sigma', range: parameterRanges.lorenz[0] });
  });
});

describe('the result in words', () => {
  const epoch = { valR2: [0.9, 0.8, 0.7], valMae: [0.01, 0.01, 0.01] };
  const predictions = {
    ...{ epoch: 1, dates: [], predicted: [] },
    wanted: [
      [0, 0, 0],
      [1, 1, 1],
    ],
  };

  test('target calendar: what an error means, beside a constant guess', () => {
    const outputs = outputResults({ map: 'lorenz', target: 'calendar' }, epoch, predictions);
    expect(outputs.map(({ name, means, constant }) => [name, means, constant])).toEqual([
      ['sigma', '183 days', '25 years'],
      ['rho', '3.65 days', '183 days'],
      ['beta', '14.4 minutes', '12 hours'],
    ]);
    expect(outcomeText(outputs, 3)).toBe(
      'R2 after epoch 3: sigma 0.9000, rho 0.8000, beta 0.7000. It misses the date by 183 days (position in the 50 years), 3.65 days (position in the year), 14.4 minutes (position in the day) on average.',
    );
  });

  test('another target: in units of the map', () => {
    const [sigma] = outputResults({ map: 'lorenz', target: 'hash' }, epoch, null);
    const [low, high] = parameterRanges.lorenz[0]!;
    expect(sigma).toMatchObject({ means: null, constant: null, learned: 'target hash' });
    expect(Number(sigma!.error)).toBeCloseTo(0.01 * (high - low), 4);
  });
});

const make = () => report.run({ run: [root], _: [], $0: '' } as never);

test('report makes the page of a training: curves, findings or how to get them, options, next command', async () => {
  writeFileSync(join(root, 'config.json'), JSON.stringify({ ...trainDefaults, init: '<none> & "nothing"' }));
  writeFileSync(join(root, 'env.json'), JSON.stringify({ node: '20', engine: 'tensorflow' }));
  writeFileSync(join(root, 'status.json'), '{"state":"done"}');
  writeFileSync(join(root, 'metrics.jsonl'), '');
  await expect(make()).rejects.toThrow(/holds no finished epoch of a training/);
  writeFileSync(join(root, 'metrics.jsonl'), [point(1), point(2)].map((p) => JSON.stringify(p)).join('\n'));
  expect((await make()).json).toEqual({ reports: [join(root, 'report.html')] });
  const page = readFileSync(join(root, 'report.html'), 'utf8');
  for (const part of [
    '<svg',
    'Training of lorenz + resnet18, target calendar',
    'npm run study',
    `--model ${root}`,
  ])
    expect(page).toContain(part);
  expect(page).toContain('&lt;none&gt; &amp; &quot;nothing&quot;');
  expect(page).toMatch(
    /id="outcome">R2 after epoch 2: sigma 0.7500, rho 1.0000, beta -0.0100. It misses the date by/,
  );
  expect(page).not.toContain('What the network sees');
  const date = { year: 2020, month: 2, day: 3, hour: 4, minute: 5, second: 6 };
  const values = [[0.1, 0.2, 0.3]];
  const predictions = { epoch: 2, dates: [date], wanted: values, predicted: values };
  writeFileSync(join(root, 'predictions.json'), JSON.stringify(predictions));
  expect((await make()).json).toEqual({ reports: [join(root, 'report.html')] });
  expect(readFileSync(join(root, 'report.html'), 'utf8')).toMatch(
    /What the network sees.*src="data:image\/png.*2020-02-03T04:05:06/s,
  );
  writeFileSync(join(root, 'predictions.json'), '{"dates":[1]}');
  expect((await make()).text).toContain('predictions.json is damaged');
  expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
});

test('report A B C of trainings overlays their curves and lists the options that differ', async () => {
  const folders = [1e-3, 3e-3, 1e-2].map((lr, k) => {
    const folder = join(root, 'abc'[k]!);
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'config.json'),
      JSON.stringify({ ...trainDefaults, lr, init: k === 1 ? '<x>' : null }),
    );
    writeFileSync(join(folder, 'status.json'), '{"state":"done"}');
    writeFileSync(join(folder, 'env.json'), '{"node":"20"}');
    const lines = [1, 2].map((epoch) => JSON.stringify({ ...point(epoch), valR2: [0.5 + k / 10, 1, 1] }));
    writeFileSync(join(folder, 'metrics.jsonl'), lines.join('\n'));
    return folder;
  });
  const { json } = await report.run({ run: folders } as never);
  const path = join(folders[2]!, 'compare-a+b.html');
  expect(json).toEqual({ reports: [...folders.map((folder) => join(folder, 'report.html')), path] });
  const page = readFileSync(path, 'utf8');
  expect(page).toContain('c has the highest R2 of its worst output, 0.7000.');
  expect(page.match(/class="curve"/g)).toHaveLength(4 * 3);
  expect(page).toMatch(/lr<\/th><td>0.001<\/td><td>0.003<\/td><td>0.01<\/td>/);
  expect(page).toContain('<td>&lt;x&gt;</td>');
  expect(page).not.toContain('>batch</th>');
});
