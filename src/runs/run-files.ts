/** The files of a run folder. This module alone knows their names. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../shared/errors.ts';

export const runFiles = {
  /** All options, resolved. */
  config: 'config.json',
  environment: 'env.json',
  status: 'status.json',
  /** One line an epoch. */
  metrics: 'metrics.jsonl',
  /** Predicted and true outputs of validation dates. */
  predictions: 'predictions.json',
  checkpoints: 'checkpoints',
  /** The run's own copy of the manifest that it trains on. */
  pairs: 'pairs.csv',
  /** The options and counts of a folder of pairs. */
  pairsSummary: 'pairs.json',
  /** Of a training on pictures: outputs, scales and counts; split and targets of each picture; how well it does. */
  pictures: 'pictures.json',
  pictureList: 'pictures.csv',
  evaluation: 'evaluation.json',
  study: 'study.json',
  report: 'report.html',
  /** Of a reproduction: the pages of its trainings. */
  trainings: 'trainings',
  /** The results of a reproduction. */
  reproduction: 'run.json',
  /** The cipher pictures of a reproduction that were recovered from the cipher alone. */
  recovered: 'recovered.json',
  /** The name and the work of a sweep. */
  sweep: 'sweep.json',
  /** Result of a sweep's cell, or of a sweep's part. */
  result: 'result.json',
  /** The run folder of a cell's training. */
  network: 'network',
  /** Output of a cell's process. */
  log: 'log.txt',
  /** Of a sweep. */
  tables: 'README.md',
  cells: 'cells.csv',
  variants: 'variants.csv',
  /** The results of a keystream study, and of each of its cells. */
  keystream: 'keystream.json',
  /** Its presence keeps the run from `runs rm`. */
  keep: '.keep',
  /** Locks the folder while a process works in it. */
  busy: '.busy',
} as const;

export type RunFile = keyof typeof runFiles;

export const runFile = (run: string, file: RunFile): string => join(run, runFiles[file]);

export const hasRunFile = (run: string, file: RunFile): boolean => existsSync(runFile(run, file));

/** @throws InputError if the file is missing or damaged */
export async function readRunJson<T extends object>(run: string, file: RunFile): Promise<T> {
  const content = parsed<T>(await readFile(runFile(run, file), 'utf8').catch(() => ''));
  if (typeof content === 'object' && content !== null) return content;
  throw new InputError(
    `${run} is no run folder: its ${runFiles[file]} is missing or damaged; check the path`,
  );
}

/** null for text that is no JSON. */
export function parsed<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
