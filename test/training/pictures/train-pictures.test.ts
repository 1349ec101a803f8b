/** Trainings on pictures: they learn, resume to the bit, and leave what is needed to use them. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import train from '../../../scripts/train.ts';
import { openEngine } from '../../../src/engine/engine.ts';
import { readSafetensors } from '../../../src/models/safetensors.ts';
import { runKind } from '../../../src/runs/find-run.ts';
import { experimentConfig, type GivenTraining, trainConfig } from '../../../src/training/config.ts';
import type { PictureFacts } from '../../../src/training/pictures/lesson.ts';
import { studyRun } from '../../../src/training/study/study.ts';
import * as training from '../../../src/training/train.ts';
import { findTraining } from '../../../src/training/trained.ts';
import { writeTrainingReport } from '../../../src/training/training-report.ts';
import { exportRun } from '../../../src/training/weights.ts';
import { makePictures, writeTargets } from './_pictures.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-train-pictures-'));
const before = process.cwd();
const engine = await openEngine();
let targets = '';
beforeAll(async () => {
  process.chdir(root);
  targets = writeTargets('targets.csv', await makePictures('images', 80, 40));
});
afterAll(() => {
  process.chdir(before);
  rmSync(root, { recursive: true, force: true });
});

const config = (changes: GivenTraining = {}) =>
  trainConfig({
    images: 'images',
    targets: 'targets.csv',
    columns: 'age',
    patient: 'patient',
    valFraction: 0.2,
    net: 'mobilenetv2',
    size: 32,
    batch: 8,
    epochs: 2,
    decayEpochs: 2,
    ...changes,
  });
/** SHA-256 of all weights, statistics and the optimiser's state. */
async function stateOf(run: string): Promise<string> {
  const { tensors } = await readSafetensors(join(run, 'checkpoints', 'last.safetensors'));
  const hash = createHash('sha256');
  for (const { data } of tensors.values())
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest('hex');
}

describe('a regression', () => {
  let whole: training.TrainResult;
  beforeAll(async () => {
    whole = await training.train(config({ epochs: 2 }), engine, 'whole');
  });

  test('tells brightness better than the mean does, with intervals around its scores', () => {
    expect(whole.epochs).toHaveLength(2);
    expect(whole.epochs.at(-1)!.trainLoss).toBeLessThan(whole.epochs[0]!.trainLoss);
    const { targets: scores, pictures, groups } = whole.evaluation!;
    expect([pictures, groups]).toEqual([16, 8]);
    expect(scores!.map(({ name }) => name)).toEqual(['age']);
    for (const { low, value, high } of [scores![0]!.mae, scores![0]!.r2]) {
      expect(low).toBeLessThanOrEqual(value);
      expect(value).toBeLessThanOrEqual(high);
    }
    expect(whole.error.parameters).toEqual([{ name: 'age', mae: whole.epochs[1]!.valMae[0], unit: null }]);
  });

  test('goes on where it stopped, to the same weights, whatever the number of threads', async () => {
    await training.train(config({ epochs: 1 }), engine, 'parts', { workers: 0 });
    const longer = await training.train(config({ epochs: 2 }), engine, 'parts', { workers: 2 });
    expect(longer.epochs.map(({ valLoss }) => valLoss)).toEqual(whole.epochs.map(({ valLoss }) => valLoss));
    expect(await stateOf('parts')).toBe(await stateOf('whole'));
  });

  test('its folder says what it learned, and nothing of dates', async () => {
    const facts = JSON.parse(readFileSync('whole/pictures.json', 'utf8')) as PictureFacts;
    expect(facts).toMatchObject({ task: 'regress', outputs: ['age'], size: 32, resize: 37, unreadable: [] });
    expect(facts.scales![0]!.deviation).toBeGreaterThan(0);
    expect(readFileSync('whole/pictures.csv', 'utf8').split('\n')[0]).toBe('file,split,group,age');
    const saved = JSON.parse(readFileSync('whole/config.json', 'utf8'));
    expect(saved).toMatchObject({ pairs: 48, valPairs: 16, augment: 'crop,flip' });
    expect(Object.keys(saved)).not.toContain('map');
    expect(await runKind('whole')).toBe('training');
  });

  test('its page shows the intervals', async () => {
    const { path, missing } = await writeTrainingReport('whole');
    expect(missing).toEqual([]);
    expect(readFileSync(path, 'utf8')).toContain(
      '16 unseen pictures of 8 patients or copies, 95 % intervals',
    );
  });

  test('its weights can be exported, with what they need', async () => {
    await exportRun({ run: 'whole', out: 'out.safetensors', format: 'safetensors', force: false });
    const { tensors, metadata } = await readSafetensors('out.safetensors');
    expect(tensors.get('classifier.1.weight')!.shape).toEqual([1, 1280]);
    expect(JSON.parse(metadata.pictures!)).toMatchObject({ outputs: ['age'], resize: 37 });
    await exportRun({ run: 'whole', out: 'web', format: 'tfjs', force: false });
    expect(readFileSync('web/model.json', 'utf8')).toContain('"activation":"linear"');
  });

  test('it gives no keys', async () => {
    const refusal = /learned from pictures .*gives no chaotic parameters and no keys/;
    await expect(studyRun('whole', engine)).rejects.toThrow(refusal);
    await expect(findTraining({ map: 'lorenz', net: 'mobilenetv2', model: 'whole' })).rejects.toThrow(
      refusal,
    );
  });

  test('other pictures or options are another run', async () => {
    const path = await training.trainRunPath(config(), engine);
    expect(path).toMatch(/train-pictures-mobilenetv2-\w{8}-s1$/);
    expect(await training.trainRunPath(config({ augment: 'none' }), engine)).not.toBe(path);
    await expect(training.train(config({ columns: 'scaled' }), engine, 'whole')).rejects.toThrow(
      /holds a run with other options: columns age, now scaled/,
    );
  });
});

test('a classification from weights of another head, judged with its best weights', async () => {
  const run = await training.train(
    config({
      task: 'classify',
      columns: 'kind',
      augment: 'none',
      patience: 5,
      epochs: 1,
      init: 'whole/checkpoints/last.safetensors',
    }),
    engine,
    'classes',
  );
  expect(existsSync('classes/checkpoints/best.safetensors')).toBe(true);
  const { accuracy, classes } = run.evaluation!;
  expect(classes!.map(({ name }) => name)).toEqual(['across', 'along']);
  expect(classes![0]!.pictures + classes![1]!.pictures).toBe(run.evaluation!.pictures);
  expect(accuracy!.low).toBeLessThan(accuracy!.high);
  expect(run.epochs[0]).toHaveProperty('valAccuracy');
});

test.each<[object, RegExp]>([
  [{ images: 'images' }, /--images expected --targets FILE.csv beside it/],
  [{ targets: 't.csv' }, /--targets belongs to --images/],
  [{ images: 'images', targets: 't.csv', map: 'logistic' }, /--map expected no value beside --images/],
  [
    { images: 'images', targets: 't.csv', size: 64, resize: 60 },
    /"resize" expected at least the size 64, got 60/,
  ],
  [
    { images: 'images', targets: 't.csv', augment: 'crop,blur' },
    /"augment" expected crop, flip, rotate, intensity, none/,
  ],
])('%j is refused', (given, message) => {
  expect(() => experimentConfig({}, given)).toThrow(message);
});

test('beside --data it is refused, and a batch beyond the pictures', async () => {
  const given = { images: 'images', targets, data: 'images' };
  await expect(train.run(given as never)).rejects.toThrow(/--data expected no value beside --images/);
  await expect(training.train(config({ batch: 49 }), engine, 'none')).rejects.toThrow(
    /at least one batch of 49 pictures in split train, got 48/,
  );
  expect(existsSync('none')).toBe(false);
});

test('the first line says that it learns pixels', async () => {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  try {
    await expect(train.run({ images: 'none', targets } as never)).rejects.toThrow(/check --images/);
  } finally {
    spy.mockRestore();
  }
  expect(lines.join('')).toMatch(
    /^train --images learns from the pixels of the pictures in none, towards targets.csv\n/,
  );
});
