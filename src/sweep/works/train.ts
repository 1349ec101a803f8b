/**
 * A training as a cell: every option of `train`, scored on dates that the training did not see, and by the keys of its
 * study. The training stands in the cell's folder under `network`, where a killed cell continues.
 */

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { deviceSchema, engineNames, layouts } from '../../engine/names.ts';
import { hasRunFile, runFile } from '../../runs/run-files.ts';
import { readStatus } from '../../runs/run-folder.ts';
import { writeJson } from '../../shared/files.ts';
import { flagOf, nullDefaults, type Options, option, type ValuesOf } from '../../shared/option.ts';
import { checked, commaList, integer, number, oneOf, z } from '../../shared/schema.ts';
import { mean } from '../../shared/stats.ts';
import { isPictures, networkOf, type TrainConfig, trainConfig } from '../../training/config.ts';
import type { EpochRecord } from '../../training/fit.ts';
import { dateOptions, pictureOptions, trainingOptions } from '../../training/options.ts';
import type { Evaluation } from '../../training/pictures/evaluation.ts';
import type { Study } from '../../training/study/study.ts';
import type { TrainResult } from '../../training/train.ts';
import { asWork, type Measures } from '../work.ts';

/** `best`: the weights of the run; `state`: the optimiser's too, so that the run can be lengthened. */
export const keptNames = ['best', 'state', 'curves', 'study', 'none'] as const;

/** Options of a training cell beside those of the training itself. */
export const cellOptions = {
  keep: option(commaList(keptNames), {
    default: 'best,curves,study',
    help: `what a cell keeps: ${keptNames.join(', ')}; without study the keys are not measured`,
  }),
  studyDates: option(integer(64, 1e6).nullable(), {
    default: null,
    unset: '2048, on a fallback engine 256',
    help: 'unseen dates of the study',
  }),
  studySeconds: option(integer(256, 1e6).nullable(), {
    default: null,
    unset: '4096, on a fallback engine 512',
    help: 'seconds of a year whose keys the study asks',
  }),
  engine: option(oneOf(engineNames), { default: 'auto', help: 'what computes the networks' }),
  device: option(z.string(), { default: 'auto', help: 'cpu, gpu or gpu:N' }),
  layout: option(oneOf(layouts), { default: 'auto', help: 'layout of tensors on graphics cards' }),
  xla: option(z.boolean(), { default: false, help: 'compile the graph by XLA' }),
  workers: option(integer(0, 64), { default: 1, help: 'threads that prepare batches ahead' }),
  checkpointSeconds: option(number(0, 1e7), { default: 30, help: 'a checkpoint at least this often' }),
} satisfies Options;

const { extra: _, ...settable } = nullDefaults(trainingOptions);
const defaults = { ...settable, ...nullDefaults(cellOptions) };

export type TrainCell = typeof settable & ValuesOf<typeof cellOptions>;

const cellKeys = Object.keys(cellOptions);
const cellSchema = z.object(
  Object.fromEntries(Object.entries(cellOptions).map(([key, { schema }]) => [key, schema])),
);

/** The training of a cell. @throws InputError naming the first value that is wrong */
function trainingIn(cell: Readonly<Record<string, unknown>>): TrainConfig {
  return trainConfig(Object.fromEntries(Object.entries(cell).filter(([key]) => !cellKeys.includes(key))));
}

function check(cell: TrainCell): void {
  networkOf(trainingIn(cell));
  checked(cellSchema, cell);
  checked(deviceSchema, cell.device, '"device"');
}

async function run(cell: TrainCell, folder: string): Promise<Measures> {
  const { openEngine } = await import('../../engine/engine.ts');
  const { environment } = await import('../../engine/environment.ts');
  const { train } = await import('../../training/train.ts');
  const kept = new Set(cell.keep.split(','));
  const { engine: name, device, layout, xla } = cell;
  const engine = await openEngine(name, checked(deviceSchema, device), { layout, xla });
  await writeJson(runFile(folder, 'environment'), environment(engine));
  const network = runFile(folder, 'network');
  await removeStripped(network);
  const result = await train(trainingIn(cell), engine, network, cell);
  const study =
    kept.has('study') && !isPictures(trainingIn(cell)) ? await studyOf(cell, network, engine) : null;
  await keepOnly(network, kept);
  return { ...trainingMeasures(result), ...(study && studyMeasures(study)) };
}

async function studyOf(
  { studyDates, studySeconds }: TrainCell,
  network: string,
  engine: Engine,
): Promise<Study> {
  const { studyOnce, studySize } = await import('../../training/study/study.ts');
  const { dates, seconds } = studySize(engine);
  return studyOnce(network, engine, { dates: studyDates ?? dates, seconds: studySeconds ?? seconds });
}

/** A cell that was killed after it removed its curves has nothing to report: it begins again. */
async function removeStripped(network: string): Promise<void> {
  if ((await readStatus(network))?.state === 'done' && !hasRunFile(network, 'metrics'))
    await rm(network, { recursive: true });
}

async function keepOnly(network: string, kept: ReadonlySet<string>): Promise<void> {
  const { keepWeights } = await import('../../training/checkpoint.ts');
  const { writeTrainingReport } = await import('../../training/training-report.ts');
  if (kept.has('curves')) await writeTrainingReport(network);
  if (!kept.has('best') && !kept.has('state'))
    await rm(runFile(network, 'checkpoints'), { recursive: true, force: true });
  else if (!kept.has('state')) await keepWeights(network);
  if (!kept.has('curves')) await removeCurves(network);
}

async function removeCurves(network: string): Promise<void> {
  const events = (await readdir(network)).filter((name) => name.startsWith('events.out.tfevents'));
  for (const name of events) await rm(join(network, name));
  for (const file of ['metrics', 'predictions'] as const) await rm(runFile(network, file), { force: true });
}

/** Of the epoch whose weights the run is worth. */
function trainingMeasures({ epochs, epoch, evaluation }: TrainResult): Measures {
  const judged = epochs.find((record) => record.epoch === epoch) as EpochRecord;
  const last = epochs.at(-1)!;
  return {
    val_loss: judged.valLoss,
    val_mae: mean(judged.valMae),
    val_r2: mean(judged.valR2),
    epoch,
    images_seen: last.imagesSeen,
    train_s: last.seconds,
    images_s: last.imagesSeen / last.seconds,
    ...(evaluation && evaluationMeasures(evaluation)),
  };
}

/** Of pictures that the training did not see. */
function evaluationMeasures({ targets, accuracy, classes }: Evaluation): Measures {
  if (targets)
    return {
      test_r2: mean(targets.map(({ r2 }) => r2.value)),
      test_mae: mean(targets.map(({ mae }) => mae.value)),
    };
  const aucs = (classes ?? []).flatMap(({ auc }) => (auc ? [auc.value] : []));
  return { test_accuracy: accuracy?.value ?? null, test_auc: aucs.length > 0 ? mean(aucs) : null };
}

/** On unseen dates: mean and worst output; then the statistics of a year's keys. */
function studyMeasures({ unseen, keys, nextSecond, weak }: Study): Measures {
  const r2 = unseen.outputs.map((output) => output.r2);
  return {
    r2: mean(r2),
    r2_worst: Math.min(...r2),
    rmse: mean(unseen.outputs.map((output) => output.rmse)),
    key_bits: keys.keyBits.atLeast,
    key_share: keys.distinct / keys.sampled,
    key_same_next: nextSecond.unchanged,
    weak_share: weak.weak / weak.keys,
  };
}

/** Options of a cell that `train` has too. */
const engineKeys = ['engine', 'device', 'layout', 'xla', 'workers', 'checkpointSeconds'] as const;

/** Network, map, axes, and options other than the defaults. */
function trainCommand(cell: TrainCell, axes: readonly string[]): string {
  const named = ['net', 'map', ...axes, 'seed'];
  const keys = [...Object.keys(settable), ...engineKeys] as (keyof TrainCell)[];
  const given = keys.filter(
    (key) =>
      cell[key] !== null &&
      (named.includes(key) || cell[key] !== defaults[key]) &&
      !isOfManifest(cell, key) &&
      !(cell.images !== null && isOfDates(key)),
  );
  const flags = given.map((key) => `--${key === 'manifest' ? 'pairs' : flagOf(key)}${flagValue(cell[key])}`);
  return `npm run train -- ${flags.join(' ')}`;
}

/** Pictures have no such options. */
const isOfDates = (key: string): boolean => (dateOptions as readonly string[]).includes(key);

/** A manifest has its own pairs and splits. */
const isOfManifest = ({ manifest }: TrainCell, key: string): boolean =>
  manifest !== null && (key === 'pairs' || key === 'valPairs');

function flagValue(value: unknown): string {
  if (value === true) return '';
  const text = String(value);
  return /^[\w.,:/+-]+$/.test(text) ? ` ${text}` : ` '${text.replaceAll("'", "'\\''")}'`;
}

export default asWork<TrainCell>({
  defaults: defaults as TrainCell & { seed: number },
  check,
  run,
  later: Object.keys(pictureOptions),
  command: trainCommand,
});
