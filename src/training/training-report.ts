/** The page of a training run, RUN/report.html, from what its folder holds. */
import { parameterNames } from '../cipher/parameters.ts';
import { encodePng } from '../data/images/image.ts';
import type { Metadata } from '../data/metadata/extra.ts';
import { drawCodes } from '../data/pairs/drawing.ts';
import { named } from '../report/missing.ts';
import {
  curvesFigure,
  type OutputResult,
  renderTrainingPage,
  type SeenPicture,
  scatterFigure,
  type TrainingPage,
} from '../report/training-page.ts';
import { hasRunFile, readRunJson, runFile } from '../runs/run-files.ts';
import { readMetrics, readStatus, stateText } from '../runs/run-folder.ts';
import { formatWallClock } from '../shared/datetime.ts';
import { InputError } from '../shared/errors.ts';
import { writeWhole } from '../shared/files.ts';
import { z } from '../shared/schema.ts';
import { asStarted } from '../shared/started.ts';
import { codesFor, inputOf } from './batches.ts';
import { isPictures, type TrainConfig } from './config.ts';
import type { EpochRecord } from './fit.ts';
import { outcomeText, outputResults, pictureOutputs, scatterOf } from './outputs.ts';
import { type Evaluation, evaluationLines } from './pictures/evaluation.ts';
import { type PictureFacts, pictureFacts } from './pictures/lesson.ts';
import { type Predictions, readPredictions } from './predictions.ts';
import type { Study } from './study/study.ts';
import { studyLines } from './study/text.ts';
import { readSteps, type StepPoint } from './tensorboard/read-steps.ts';

/** What the page shows of a run, as far as its files can be read. */
interface Content {
  readonly points: readonly EpochRecord[];
  readonly steps: readonly StepPoint[];
  readonly predictions: Predictions | null;
  readonly findings: readonly string[];
  readonly environment: Readonly<Record<string, unknown>>;
  /** What is not there or not whole, a sentence each. */
  readonly missing: readonly string[];
}

/**
 * @param run folder of a training run, which may still be going on
 * @returns path of the page, and what the run lacks, which the page says too
 * @throws InputError if the folder holds no training, or one without a finished epoch
 */
export async function writeTrainingReport(
  run: string,
): Promise<{ path: string; missing: readonly string[] }> {
  const page = await trainingPageOf(run);
  if (page.epoch === null)
    throw new InputError(
      `${run} holds no finished epoch of a training: none is whole in its metrics.jsonl; train it first: npm run train`,
    );
  const path = runFile(run, 'report');
  await writeWhole(path, renderTrainingPage(page));
  return { path, missing: page.missing };
}

/** @throws InputError if the folder holds no training */
export async function trainingPageOf(run: string): Promise<TrainingPage> {
  const config = await readRunJson<TrainConfig>(run, 'config');
  if (!(isPictures(config) || config.map in parameterNames) || !config.net)
    throw new InputError(
      `${run} is no run of a training: its config.json names no map and net; check the path`,
    );
  const learned = await learnedBy(run, config);
  const { points, steps, predictions, findings, environment, missing } = await contentOf(
    run,
    config,
    learned,
  );
  const { title, names } = learned;
  const shown = shownEpoch(points, config);
  const whole = shown?.valMae?.length === names.length; // a damaged line may lack errors
  const outputs = shown && whole ? learned.results(shown, predictions) : [];
  const seen = steps.map((step) => ({ ...step, imagesSeen: step.steps * config.batch }));
  return {
    title: `Training of ${title}`,
    epoch: shown?.epoch ?? null,
    outcome: shown ? outcomeText(outputs, shown.epoch) : 'No epoch has ended yet.',
    outputs,
    pictures: predictions ? await picturesOf(config, predictions) : [],
    scatter: predictions && scatterFigure(scatterOf(config, predictions), predictions.dates.length),
    figure: curvesFigure(`Learning curves: ${title}`, points, names, seen),
    missing,
    findings,
    config: { ...config },
    environment,
    next: nextCommands(run, config).map((line) => asStarted(line)),
  };
}

/** Outputs of a network as the page names them. */
interface Learned {
  readonly title: string;
  readonly names: readonly string[];
  results(epoch: EpochRecord, predictions: Predictions | null): OutputResult[];
}

async function learnedBy(run: string, config: TrainConfig): Promise<Learned> {
  if (isPictures(config)) return learnedFromPictures(config, await pictureFacts(run));
  return {
    title: `${config.map} + ${config.net}, target ${config.target}`,
    names: parameterNames[config.map],
    results: (epoch, predictions) => outputResults(config, epoch, predictions),
  };
}

function learnedFromPictures({ net, task }: TrainConfig, { outputs }: PictureFacts): Learned {
  const learned = task === 'classify' ? 'share of the class' : 'target';
  return {
    title: `${net} on pictures, ${outputs.join(', ')}`,
    names: outputs,
    results: ({ valR2, valMae }) =>
      outputs.map((name, k) => {
        const error = String(Number(valMae[k]!.toPrecision(3)));
        return { name, learned, r2: valR2[k]!, error, means: null, constant: null };
      }),
  };
}

const pictureFindings = async (run: string): Promise<string[]> =>
  hasRunFile(run, 'evaluation') ? evaluationLines(await readRunJson<Evaluation>(run, 'evaluation')) : [];

/** The whole epochs of a training. */
export async function curvesOf(run: string): Promise<EpochRecord[]> {
  const { names } = await learnedBy(run, await readRunJson<TrainConfig>(run, 'config'));
  return (await readMetrics<EpochRecord>(run)).filter((record) => isEpoch(record, names.length));
}

/** The epoch whose weights the run is worth: with patience the best, else the last. */
function shownEpoch(points: readonly EpochRecord[], { patience }: TrainConfig): EpochRecord | undefined {
  if (patience === null || points.length === 0) return points.at(-1);
  return points.reduce((best, epoch) => (epoch.valLoss < best.valLoss ? epoch : best));
}

async function contentOf(run: string, config: TrainConfig, { names }: Learned): Promise<Content> {
  const points = (await readMetrics<EpochRecord>(run)).filter((record) => isEpoch(record, names.length));
  const environment = await readRunJson<Record<string, unknown>>(run, 'environment').catch(() => null);
  const findings = await (isPictures(config) ? pictureFindings(run) : findingsOf(run));
  const predictions = isPictures(config) ? null : await readPredictions(run, names.length);
  const missing = [
    await unfinished(run, config, points),
    lackingEpochs(points),
    predictions || !hasRunFile(run, 'predictions')
      ? null
      : 'predictions.json is damaged: predictions and pictures are not shown.',
    environment ? null : 'env.json is missing or damaged: on what it ran is not known.',
    findings ? null : asStarted('study.json is damaged; make it again: npm run study.'),
  ].filter((sentence) => sentence !== null);
  const steps = await readSteps(run);
  return { points, steps, predictions, findings: findings ?? [], environment: environment ?? {}, missing };
}

const picturesShown = 4;

/** Metadata images of held-out dates, spread over all that there are. */
async function picturesOf(config: TrainConfig, predictions: Predictions): Promise<SeenPicture[]> {
  const { dates } = predictions;
  const count = Math.min(picturesShown, dates.length);
  const rows = Array.from({ length: count }, (_, i) => Math.floor((i * dates.length) / count));
  return Promise.all(
    rows.map(async (row) => ({
      uri: await pictureUri(config, dates[row]!),
      title: formatWallClock(dates[row]!),
      outputs: pictureOutputs(config, predictions, row),
    })),
  );
}

async function pictureUri(config: TrainConfig, date: Metadata): Promise<string> {
  const { size } = config;
  const data = new Uint8Array(size * size * 3);
  drawCodes(inputOf(config), codesFor(config, [date]), data);
  const png = await encodePng({ width: size, height: size, channels: 3, depth: 8, data });
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}

/** What the curves need of a line of metrics.jsonl. */
const epochLine = z.object({
  epoch: z.number(),
  imagesSeen: z.number(),
  trainLoss: z.number(),
  valLoss: z.number(),
});

/** A line that was damaged counts as not written. */
function isEpoch(record: EpochRecord, outputs: number): boolean {
  const line = epochLine.extend({ valR2: z.array(z.number()).min(outputs) });
  return line.safeParse(record).success;
}

/** In lines; none where there was no study yet, null of a damaged one. */
async function findingsOf(run: string): Promise<string[] | null> {
  if (!hasRunFile(run, 'study')) return [];
  try {
    return studyLines(await readRunJson<Study>(run, 'study'));
  } catch {
    return null;
  }
}

async function unfinished(
  run: string,
  { epochs }: TrainConfig,
  points: readonly EpochRecord[],
): Promise<string | null> {
  const status = await readStatus(run);
  if (status?.state === 'done') return null;
  const last = points.at(-1)?.epoch ?? 0;
  return `The training has not ended (${status ? stateText(status) : 'no whole status.json'}): epoch ${last} of ${epochs}; the same command goes on where it was.`;
}

function lackingEpochs(points: readonly EpochRecord[]): string | null {
  const there = new Set(points.map(({ epoch }) => epoch));
  const last = points.at(-1)?.epoch ?? 0;
  const lacking = Array.from({ length: last }, (_, i) => i + 1).filter((epoch) => !there.has(epoch));
  if (lacking.length === 0) return null;
  return `metrics.jsonl lacks epoch ${named(lacking)}, or its line is damaged: the curves leave it out.`;
}

/** What a trained network is for. */
export const nextCommands = (run: string, config: TrainConfig): string[] => [
  isPictures(config)
    ? `npm run weights -- export ${run} --out network.safetensors`
    : `npm run encrypt -- IMAGE --scheme paper --map ${config.map} --net ${config.net} --model ${run} --recipient PUBLIC.pem`,
  'tensorboard --logdir results/runs',
];
