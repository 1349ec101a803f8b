/** The work `train`: every option of training in a sweep, what a cell keeps, and a sweep without a file. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import dropout from '../../experiments/train-dropout.ts';
import { isOptimizerState } from '../../src/models/optimizer.ts';
import { readSafetensors } from '../../src/models/safetensors.ts';
import { InputError } from '../../src/shared/errors.ts';
import { makeFolder, writeJson } from '../../src/shared/files.ts';
import { planOf } from '../../src/sweep/sweep.ts';
import { axesIn, combinationsOf, trainSweep } from '../../src/sweep/train-sweep.ts';
import work from '../../src/sweep/works/train.ts';
import { checkpointFile } from '../../src/training/checkpoint.ts';
import { pictureOptions, trainingOptions } from '../../src/training/options.ts';
import { openTrained } from '../../src/training/trained.ts';
import { medchaos, medchaosHere } from '../commands/_cli.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-train-sweep-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const sweep = { name: 'x', question: 'Why?', work: 'train', seeds: [1] };

describe('what can be trained can be swept', () => {
  const other: Readonly<Record<string, unknown>> = {
    ...{ net: 'mobilenetv2', map: 'logistic', encoder: 'bits', target: 'calendar,hash', size: 64, pairs: 64 },
    ...{
      dates: 'fresh',
      valPairs: 8,
      manifest: 'pairs.csv',
      epochs: 2,
      batch: 16,
      optimizer: 'sgd',
      lr: 1e-2,
    },
    ...{
      warmup: 0,
      schedule: 'constant',
      decayEpochs: 9,
      weightDecay: 0.1,
      momentum: 0.5,
      clip: 1,
      dropout: 0.1,
    },
    ...{ patience: 2, precision: 'mixed', init: 'x.safetensors', maxSeconds: 60 },
    ...{ task: 'classify', columns: 'a,b', patient: 'who', fileColumn: 'name', valFraction: 0.2 },
    ...{ resize: 300, augment: 'crop,rotate', maxUnreadable: 5 },
  };
  const pictures = { images: 'pictures', targets: 'targets.csv' };
  const names = Object.keys(trainingOptions).filter(
    (name) => !['seed', 'extra', ...Object.keys(pictures)].includes(name),
  );

  test.each(names)('%s', (name) => {
    const base = {
      ...(name === 'dropout' && { net: 'mobilenetv2' }),
      ...(name in pictureOptions && pictures),
    };
    const { cells, axes } = planOf(
      { ...sweep, base, grid: { [name]: [work.defaults[name], other[name]] } },
      work,
    );
    expect(axes).toEqual([name]);
    expect(cells.map(({ config }) => config[name])).toEqual([work.defaults[name], other[name]]);
  });

  test('two tables of targets, as train would be given them', () => {
    const { cells } = planOf(
      { ...sweep, base: { images: 'a' }, grid: { targets: ['b.csv', 'c.csv'] } },
      work,
    );
    expect(cells.map(({ config }) => config.targets)).toEqual(['b.csv', 'c.csv']);
    expect(work.command!(cells[0]!.config, ['targets'])).toBe(
      'npm run train -- --net resnet18 --seed 1 --images a --targets b.csv',
    );
  });

  test('ids of cells without pictures are those of before there were any', () => {
    const [cell] = planOf({ ...sweep, base: { epochs: 2 } }, work).cells;
    expect(cell!.id).toBe('x-08878a80-s1');
  });

  test.each([
    [
      'targets without pictures',
      { targets: 't.csv' },
      /"targets" expected no value without "images", got t.csv/,
    ],
    [
      'pictures without targets',
      { images: 'a' },
      /"targets" expected a .csv file beside "images", got nothing/,
    ],
    ['a wrong value', { lr: -1 }, /"lr" expected a number from/],
    ['text for a number', { dropout: 'x' }, /"dropout" expected a/],
    ['values wrong together', { pairs: 8 }, /"pairs" expected at least one batch of 32, got 8/],
    ['dropout where there is none', { dropout: 0.1 }, /"dropout" expected no value with resnet18/],
    [
      'something unknown to keep',
      { keep: 'best,everything' },
      /"keep" expected best, state, curves, study, none/,
    ],
    ['another device', { device: 'tpu' }, /"device": expected auto, cpu/],
    ['an unknown option', { rate: 1 }, /"rate" is no key of work train .*lr/],
    ['what the manifest says', { extra: 'modality' }, /"extra" is no key of work train/],
  ])('%s is refused', (_, base, message) => {
    expect(() => planOf({ ...sweep, base }, work)).toThrow(message);
    expect(() => planOf({ ...sweep, base }, work)).toThrow(InputError);
  });

  test('experiments/train-dropout.ts', () => {
    const { axes, cells } = planOf(dropout, work);
    expect(axes).toEqual(['lr', 'dropout']);
    expect(cells).toHaveLength(12);
  });
});

describe('--set', () => {
  test('values by the type of the option; names as flags or as keys', () => {
    expect(axesIn(['lr=1e-3, 3e-3', 'val-pairs=8', 'weightDecay=0,0.1', 'net=resnet18,mobilenetv2'])).toEqual(
      [
        { key: 'lr', values: [1e-3, 3e-3] },
        { key: 'valPairs', values: [8] },
        { key: 'weightDecay', values: [0, 0.1] },
        { key: 'net', values: ['resnet18', 'mobilenetv2'] },
      ],
    );
    expect(axesIn(['clip=none,1', 'dropout=none,0', 'pairs=64,pairs.csv', 'lr=1,1'])).toEqual([
      { key: 'clip', values: [null, 1] },
      { key: 'dropout', values: [null, 0] },
      { key: 'pairs', values: [64, 'pairs.csv'] },
      { key: 'lr', values: [1] },
    ]);
    expect(axesIn(['target=calendar;calendar,hash'])[0]!.values).toEqual(['calendar', 'calendar,hash']);
  });

  const refused: [string[], RegExp][] = [
    [['rate=1'], /--set expected an option of training, got "rate"; known: .*, lr, /],
    [['extra=patient'], /--set expected an option of training, got "extra"/],
    [['__proto__=1'], /got "__proto__"/],
    [['lr='], /--set lr expected values with commas between, got none; for example --set lr=1e-3,3e-3/],
    [['lr'], /--set lr expected values .* got none/],
    [['lr=1,,2'], /--set lr expected values .* got "1,,2"/],
    [['lr=1', 'lr=2'], /--set lr is given twice; give all its values at once/],
    [['valPairs=8', 'val-pairs=9'], /given twice/],
  ];
  test.each(refused)('%j is refused', (texts, message) => {
    expect(() => axesIn(texts)).toThrow(message);
    expect(() => axesIn(texts)).toThrow(InputError);
  });

  test('every combination; the sweep keeps its name when values or seeds are added', () => {
    const axes = axesIn(['lr=1e-3,3e-3', 'seed=1,2']);
    expect(combinationsOf(axes)).toHaveLength(4);
    const named = (texts: string[], base: object) => {
      const some = axesIn(texts);
      const configs = combinationsOf(some).map((values) => ({ seed: 1, ...values }));
      return trainSweep(some, configs, base);
    };
    const made = named(['lr=1e-3,3e-3', 'seed=1,2'], { size: 64 });
    expect(made.name).toMatch(/^train-lr-[0-9a-f]{8}$/);
    expect(made.seeds).toEqual([1, 2]);
    expect(planOf(made, work).cells).toHaveLength(4);
    expect(named(['lr=1e-3', 'seed=3'], { size: 64, seed: 1 }).name).toBe(made.name);
    expect(named(['lr=1e-3'], { size: 96 }).name).not.toBe(made.name);
    const many = Array.from({ length: 400 }, (_, i) => i + 1).join(',');
    expect(() => combinationsOf(axesIn([`epochs=${many}`, `seed=${many}`]))).toThrow(/at most 100000 cells/);
  });

  test.each([
    [['--lr', '1', '--set', 'lr=2'], /--lr stands beside --set lr; leave one of them out/],
    [['--jobs', '2'], /--jobs belongs to --set; give both or neither/],
    [['--set', 'lr=a'], /"lr" expected a number from 1e-8 to 10, got a/],
    [['--set', 'net=vgg'], /"net" expected resnet18, mobilenetv2.* or .*, got vgg/],
    [['--set', 'lr=1', '--keep', 'x'], /--keep expected best/],
  ])('%j writes nothing', async (args, message) => {
    const { code, stderr } = await medchaosHere(['train', ...args], root);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(join(root, 'results'))).toBe(false);
  });
});

const small = { net: 'mobilenetv2', map: 'logistic', size: 64, pairs: 8, valPairs: 4, batch: 4, epochs: 1 };
const cellOf = (changes: object) =>
  planOf({ ...sweep, base: { ...small, ...changes } }, work).cells[0]!.config;

test('the command of a cell: network, map, axes, seed, and what is not a default', async () => {
  const command = (changes: object, axes: string[] = []) => work.command!(cellOf(changes), axes);
  expect(command({}, ['lr'])).toBe(
    'npm run train -- --net mobilenetv2 --map logistic --size 64 --pairs 8 --val-pairs 4 --epochs 1 --batch 4 --lr 0.001 --seed 1',
  );
  expect(command({ manifest: "my pairs/it's.csv", xla: true, dropout: 0 })).toBe(
    `npm run train -- --net mobilenetv2 --map logistic --size 64 --pairs 'my pairs/it'\\''s.csv' --epochs 1 --batch 4 --dropout 0 --seed 1 --xla`,
  );
});

describe('a cell', () => {
  test('keeps its trained weights and curves, and finds itself done after a kill', async () => {
    const folder = await makeFolder(join(root, 'kept'));
    const config = cellOf({ keep: 'best,curves', patience: 1, epochs: 2 });
    const measures = await work.run(config, folder);
    expect(measures).toMatchObject({ val_loss: expect.any(Number), val_r2: expect.any(Number) });
    expect(measures).not.toHaveProperty('r2');
    expect(readdirSync(join(folder, 'network', 'checkpoints'))).toEqual(['last.safetensors']);
    const { tensors } = await readSafetensors(checkpointFile(join(folder, 'network')));
    expect([...tensors.keys()].filter(isOptimizerState)).toEqual([]);
    expect(existsSync(join(folder, 'network', 'report.html'))).toBe(true);
    expect(await work.run(config, folder)).toEqual(measures);
    await writeJson(join(folder, 'config.json'), { work: 'train', config });
    const network = await openTrained(folder);
    expect(network.run).toBe(join(folder, 'network'));
    network.dispose();
  });

  test('keeps nothing on request, and begins again after a kill', async () => {
    const folder = await makeFolder(join(root, 'nothing'));
    const config = cellOf({ keep: 'none' });
    const { val_loss } = await work.run(config, folder);
    expect(readdirSync(join(folder, 'network')).sort()).toEqual(['config.json', 'env.json', 'status.json']);
    expect((await work.run(config, folder)).val_loss).toBe(val_loss);
  });

  test('the state as well; its keys by a study', async () => {
    const folder = await makeFolder(join(root, 'studied'));
    const measures = await work.run(
      cellOf({ keep: 'state,study', studyDates: 64, studySeconds: 256 }),
      folder,
    );
    expect(measures).toMatchObject({
      r2: expect.any(Number),
      key_bits: expect.any(Number),
      weak_share: expect.any(Number),
    });
    const { tensors } = await readSafetensors(checkpointFile(join(folder, 'network')));
    expect([...tensors.keys()].some(isOptimizerState)).toBe(true);
    expect(existsSync(join(folder, 'network', 'study.json'))).toBe(true);
  });
});

test('a sweep by one command: cells, the best, and nothing to do the second time', async () => {
  const options = Object.entries(small).flatMap(([key, value]) => [
    key === 'valPairs' ? '--val-pairs' : `--${key}`,
    `${value}`,
  ]);
  const command = ['train', ...options, '--set', 'dropout=0,0.5', '--no-study', '--json'];
  const first = medchaos(command, root);
  expect(first.code).toBe(0);
  const { out, cells, done, best } = JSON.parse(first.stdout);
  expect([cells, done]).toEqual([2, 2]);
  expect(best[0]).toMatchObject({ by: 'val_r2', variant: expect.stringMatching(/^dropout 0/) });
  expect(existsSync(join(out, best[0].cell, 'network', 'report.html'))).toBe(true);
  expect(best[0].command).toMatch(
    /^npm run train -- --net mobilenetv2 --map logistic .*--dropout 0 --seed 1/,
  );
  const page = readFileSync(join(out, 'report.html'), 'utf8');
  expect(page).toContain(best[0].command);
  expect(page).toContain('Validation loss'); // curves overlaid
  rmSync(join(out, 'report.html'));
  expect((await medchaosHere(['report', out], root)).stdout).toContain(join(out, 'report.html'));
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toBe(page);
  expect(JSON.parse(medchaos(command, root).stdout)).toMatchObject({ out, done: 2, skipped: 2 });
  const shown = await medchaosHere(['report', best[0].cell], root);
  expect(shown.stdout).toContain(join(best[0].cell, 'network', 'report.html'));
});
