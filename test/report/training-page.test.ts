/** The page of a training run, and the command that makes it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import report from '../../scripts/report.ts';
import { curvesFigure } from '../../src/report/training-page.ts';
import { trainDefaults } from '../../src/training/config.ts';

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
  expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
});
