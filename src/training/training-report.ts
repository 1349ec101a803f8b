/** The page of a training run, RUN/report.html, from what its folder holds. */
import { parameterNames } from '../cipher/parameters.ts';
import { named } from '../report/missing.ts';
import { curvesFigure, renderTrainingPage } from '../report/training-page.ts';
import { hasRunFile, readRunJson, runFile } from '../runs/run-files.ts';
import { readMetrics, readStatus, stateText } from '../runs/run-folder.ts';
import { InputError } from '../shared/errors.ts';
import { writeWhole } from '../shared/files.ts';
import { z } from '../shared/schema.ts';
import { outputsOf, type TrainConfig } from './config.ts';
import type { EpochRecord } from './fit.ts';
import type { Study } from './study/study.ts';
import { studyLines } from './study/text.ts';

/** What the page tells of a run, as far as its files can be read. */
interface Held {
  readonly points: readonly EpochRecord[];
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
  const config = await readRunJson<TrainConfig>(run, 'config');
  if (!(config.map in parameterNames) || !config.net)
    throw new InputError(
      `${run} is no run of a training: its config.json names no map and net; check the path`,
    );
  const { points, findings, environment, missing } = await heldBy(run, config);
  if (points.length === 0)
    throw new InputError(
      `${run} holds no finished epoch of a training: none is whole in its metrics.jsonl; train it first: npm run train`,
    );
  const title = `${config.map} + ${config.net}, target ${config.target}`;
  const page = renderTrainingPage({
    title: `Training of ${title}`,
    figure: curvesFigure(`Learning curves: ${title}`, points, parameterNames[config.map]),
    missing,
    findings,
    config: { ...config },
    environment,
    next: nextCommands(run, config),
  });
  const path = runFile(run, 'report');
  await writeWhole(path, page);
  return { path, missing };
}

async function heldBy(run: string, config: TrainConfig): Promise<Held> {
  const points = (await readMetrics<EpochRecord>(run)).filter((record) => isEpoch(record, config));
  const environment = await readRunJson<Record<string, unknown>>(run, 'environment').catch(() => null);
  const findings = await findingsOf(run);
  const missing = [
    await unfinished(run, config, points),
    lackingEpochs(points),
    environment ? null : 'env.json is missing or damaged: on what it ran is not known.',
    findings ? null : 'study.json is damaged; make it again: npm run study.',
  ].filter((sentence) => sentence !== null);
  return { points, findings: findings ?? [], environment: environment ?? {}, missing };
}

/** What the curves need of a line of metrics.jsonl. */
const epochLine = z.object({
  epoch: z.number(),
  imagesSeen: z.number(),
  trainLoss: z.number(),
  valLoss: z.number(),
});

/** A line that was damaged counts as not written. */
function isEpoch(record: EpochRecord, config: TrainConfig): boolean {
  const line = epochLine.extend({ valR2: z.array(z.number()).min(outputsOf(config)) });
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
export const nextCommands = (run: string, { map, net }: { map: string; net: string }): string[] => [
  `npm run encrypt -- IMAGE --scheme paper --map ${map} --net ${net} --model ${run} --recipient PUBLIC.pem`,
  'tensorboard --logdir results/runs',
];
