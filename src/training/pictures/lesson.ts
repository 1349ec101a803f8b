/** A training on pictures of the user's own, towards numbers or classes of the user's own. */
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import {
  type Picture,
  type PictureOptions,
  type PictureSet,
  readPictureSet,
} from '../../data/pictures/picture-set.ts';
import type { Normal } from '../../executors/executor.ts';
import { readRunJson, runFile } from '../../runs/run-files.ts';
import { defaultRuns, runId } from '../../runs/run-folder.ts';
import { InputError } from '../../shared/errors.ts';
import { writeJson, writeWhole } from '../../shared/files.ts';
import { deviation, mean } from '../../shared/stats.ts';
import { type PictureConfig, savedOf } from '../config.ts';
import type { Lesson } from '../lesson.ts';
import { evaluate } from './evaluation.ts';
import { PictureMaterial, type Scale } from './material.ts';

/** Of ImageNet, as torchvision's weights expect. */
const normal: Normal = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/** RUN/pictures.json: what is needed to use the network elsewhere. */
export interface PictureFacts extends Pick<PictureSet, 'outputs' | 'columns' | 'counts' | 'unreadable'> {
  readonly version: 1;
  readonly task: PictureConfig['task'];
  /** Of a regression, one an output. */
  readonly scales: readonly Scale[] | null;
  readonly normal: Normal;
  readonly size: number;
  readonly resize: number;
}

/** The facts of a run that learned pictures. @throws InputError where its pictures.json is missing or damaged */
export const pictureFacts = (run: string): Promise<PictureFacts> =>
  readRunJson<PictureFacts>(run, 'pictures');

/** @throws InputError as `readPictureSet`; for fewer training pictures than a batch, or a class without one */
export async function pictureLesson(given: PictureConfig): Promise<Lesson> {
  const set = await readPictureSet(setOptions(given));
  const { outputs, counts, targetsSha256, imagesSha256 } = set;
  checkBatch(given, counts.train);
  const config: PictureConfig = { ...given, pairs: counts.train, valPairs: counts.val };
  const of = (split: string): Picture[] => set.pictures.filter((picture) => picture.split === split);
  const scales = scalesOf(set, given, of('train'));
  const material = new PictureMaterial(config, { train: of('train'), val: of('val') }, outputs, scales);
  return {
    config,
    saved: { ...savedOf(config), targetsSha256, imagesSha256 },
    name: `train-pictures-${config.net}`,
    title: titleOf(set, config),
    outputs,
    input: { size: config.size, type: 'uint8', normal },
    loss: scales === null ? 'softmax' : 'linear',
    lines: linesOf(set),
    write: async (run) => {
      await writeJson(runFile(run, 'pictures'), factsOf(set, config, scales));
      await writeWhole(runFile(run, 'pictureList'), listOf(set));
    },
    material: () => material,
    errors: (mae) => ({
      parameters: mae.map((value, k) => ({ name: outputs[k]!, mae: value, unit: null })),
      date: null,
    }),
    evaluate: async (model) => {
      const test = of('test');
      return evaluate(test, await material.predict(model, test), outputs, scales === null, config.seed);
    },
  };
}

/** The survey of the pictures has a folder of its own, so that trainings share it. */
function setOptions(config: PictureConfig): PictureOptions {
  const { images, targets, task, columns, patient, fileColumn: file } = config;
  const { valFraction, maxUnreadable, seed } = config;
  const folder = join(defaultRuns, runId('images', { images, targets, copies: 'pixels' }, 0));
  return { images, targets, task, columns, patient, file, valFraction, maxUnreadable, seed, folder };
}

function checkBatch({ targets, batch }: PictureConfig, train: number): void {
  if (train < batch)
    throw new InputError(
      `${targets}: expected at least one batch of ${batch} pictures in split train, got ${train}; give a smaller --batch`,
    );
}

/** At most three outputs by name. */
function titleOf({ outputs }: PictureSet, { net, task }: PictureConfig): string {
  const kind = task === 'classify' ? 'classes' : 'targets';
  return `${outputs.length > 3 ? `${outputs.length} ${kind}` : outputs.join(', ')} + ${net}`;
}

const factsOf = (
  { outputs, columns, counts, unreadable }: PictureSet,
  { task, size, resize }: PictureConfig,
  scales: Scale[] | null,
): PictureFacts => ({
  version: 1,
  ...{ task, outputs, columns, scales, normal, size, resize, counts, unreadable },
});

function scalesOf(
  set: PictureSet,
  { task, targets }: PictureConfig,
  train: readonly Picture[],
): Scale[] | null {
  const { outputs } = set;
  const columns = outputs.map((_, k) => train.map(({ values }) => values[k]!));
  const flat = columns.findIndex((values) => values.every((value) => value === values[0]));
  if (flat >= 0)
    throw new InputError(
      task === 'classify'
        ? `${targets}: class "${outputs[flat]}" has ${columns[flat]![0] === 1 ? 'all' : 'no'} pictures of split train; give another --seed, or more pictures`
        : `${targets}: column "${outputs[flat]}" has one value, ${columns[flat]![0]}, in split train; leave it out with --columns, or give another --seed`,
    );
  if (task === 'classify') return null;
  return columns.map((values) => ({ mean: mean(values), deviation: deviation(values) }));
}

function linesOf({ options, outputs, columns, unused, counts, unreadable }: PictureSet): string[] {
  const { train, val, test, rowsWithoutPicture, picturesWithoutRow, groups } = counts;
  const { images, targets, task } = options;
  const learned =
    task === 'classify' ? `${outputs.length} classes of ${columns.join(', ')}` : columns.join(', ');
  return [
    `targets: ${learned}${unused.length > 0 ? `; columns not used: ${unused.join(', ')}` : ''}`,
    `pictures: ${train} to train, ${val} to validate, ${test} to test, in ${groups} groups of patients or copies`,
    ...(rowsWithoutPicture > 0 ? [`warning: ${rowsWithoutPicture} rows have no picture in ${images}`] : []),
    ...(picturesWithoutRow > 0 ? [`warning: ${picturesWithoutRow} pictures have no row in ${targets}`] : []),
    ...unreadable.map(({ reason }) => `warning: skipped, as it cannot be read: ${reason}`),
  ];
}

/** RUN/pictures.csv: split and targets of each picture. */
function listOf({ pictures, outputs, unreadable }: PictureSet): string {
  const rows = pictures.map(({ file, group, split, values }) => [file, split, group, ...values]);
  const bad = unreadable.map(({ file }) => [file, 'unreadable', '', ...outputs.map(() => '')]);
  return stringify([['file', 'split', 'group', ...outputs], ...rows, ...bad]);
}
