/** A run by its folder, a file in it, or its id; and which kind of run it is. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../shared/errors.ts';
import { hasRunFile, type RunFile, readRunJson, runFiles } from './run-files.ts';
import { defaultRuns, type RunStatus, readStatus } from './run-folder.ts';

export const runKinds = ['training', 'reproduction', 'sweep', 'cell', 'keystream'] as const;
export type RunKind = (typeof runKinds)[number];

export interface Run {
  readonly folder: string;
  /** null where the files do not say. */
  readonly kind: RunKind | null;
  /** null where it is missing or damaged. */
  readonly config: Readonly<Record<string, unknown>> | null;
  readonly status: RunStatus | null;
}

/** A folder that holds one of these is a run. */
const marks: readonly RunFile[] = ['config', 'metrics', 'reproduction', 'sweep', 'status', 'keystream'];
const isRun = (folder: string): boolean => marks.some((file) => hasRunFile(folder, file));

/**
 * The folder of a run.
 * @param given the folder, a file in it, or the run's id under `runs`; ids of a sweep's cells count
 * @throws InputError if there is no such run
 */
export function findRun(given: string, runs = defaultRuns): string {
  const named = (Object.values(runFiles) as string[]).includes(basename(given));
  const folder = named && !isRun(given) ? dirname(given) : given;
  const found = [folder, join(runs, given)].find(isRun) ?? cellNamed(given, runs);
  if (found !== undefined) return found;
  throw new InputError(
    `${given} is no run folder, and no id of a run in ${runs}; give the path of a run, or one of the names in ${runs}`,
  );
}

function cellNamed(id: string, runs: string): string | undefined {
  if (id === '' || id !== basename(id) || !existsSync(runs)) return undefined;
  const sweeps = readdirSync(runs).map((name) => join(runs, name));
  return sweeps
    .filter((sweep) => hasRunFile(sweep, 'sweep'))
    .map((sweep) => join(sweep, id))
    .find(isRun);
}

/** @param given as `findRun` */
export async function readRun(given: string, runs = defaultRuns): Promise<Run> {
  const folder = findRun(given, runs);
  const config = await readRunJson<Record<string, unknown>>(folder, 'config').catch(() => null);
  return { folder, kind: kindOf(folder, config ?? {}), config, status: await readStatus(folder) };
}

export const runKind = async (given: string, runs?: string): Promise<RunKind | null> =>
  (await readRun(given, runs)).kind;

function kindOf(folder: string, config: Readonly<Record<string, unknown>>): RunKind | null {
  if (hasRunFile(folder, 'sweep')) return 'sweep';
  if (hasRunFile(folder, 'reproduction') || 'profile' in config) return 'reproduction';
  if ('work' in config) return 'cell';
  if (('net' in config && ('map' in config || 'images' in config)) || hasRunFile(folder, 'metrics'))
    return 'training';
  return hasRunFile(folder, 'keystream') || 'size' in config ? 'keystream' : null;
}

/**
 * The finished runs whose ids begin so, the newest first.
 * @param changed time of a run in ms, 0 for one that cannot be used
 */
export async function finishedRuns(
  prefix: string,
  runs: string,
  changed: (run: string) => number,
): Promise<string[]> {
  const names = existsSync(runs) ? readdirSync(runs).filter((name) => name.startsWith(prefix)) : [];
  const found = names.map((name) => join(runs, name));
  const done = await Promise.all(found.map(async (run) => (await readStatus(run))?.state === 'done'));
  const timed = found.filter((_, i) => done[i]).map((run) => ({ run, time: changed(run) }));
  return timed
    .filter(({ time }) => time > 0)
    .sort((a, b) => b.time - a.time)
    .map(({ run }) => run);
}
