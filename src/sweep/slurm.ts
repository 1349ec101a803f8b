/**
 * Cells as tasks of a Slurm job array. Each task is the local launcher for one cell, so that limits and reasons are
 * the same; the end of a task that could not write it (node down, cancelled) is read from the queue. A sweep that
 * is killed leaves its tasks to Slurm: the same command collects them. Folders must be shared with the nodes.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { runFiles } from '../runs/run-files.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { makeFolder, writeJson, writeWhole } from '../shared/files.ts';
import { besidePackage } from '../shared/package.ts';
import { say } from '../shared/progress.ts';
import { failCell, stateOfCell } from './cell-folder.ts';
import { groupsOf, type Launcher, type LaunchOptions } from './launcher.ts';

const run = promisify(execFile);

/** Tasks of one array; Slurm's own MaxArraySize is 1001 unless raised. */
const arraySize = 1000;
const pollSeconds = 2;
/** Looks at a queue that does not answer before giving up: two minutes. */
const patience = 60;

/** A submitted array. */
interface SlurmJob {
  readonly job: string;
  readonly folders: readonly string[];
  /** Task k has the k-th so many folders; none in older files: 1. */
  readonly perTask?: number;
}

const foldersOf = ({ folders, perTask = 1 }: SlurmJob, task: number): string[] =>
  folders.slice(task * perTask, (task + 1) * perTask);

/** @param extra options for sbatch: partition, account, processors a task */
export const slurm = (extra: readonly string[] = []): Launcher => ({
  async launch(folders, options, onEnd) {
    const place = await makeFolder(join(dirname(folders[0]!), 'slurm'));
    const wanted = new Set(folders);
    const before = await stillQueued(await jobsIn(place), wanted);
    const waiting = new Set(before.flatMap(({ live }) => live));
    if (waiting.size > 0) say(`${waiting.size} cells are in the queue already and are waited for`);
    const fresh = folders.filter((folder) => !waiting.has(folder));
    const jobs = before.map(({ job }) => job);
    const size = arraySize * (options.perTask ?? 1);
    for (let at = 0; at < fresh.length; at += size) {
      jobs.push(await submit(place, fresh.slice(at, at + size), options, extra));
      await writeJson(join(place, 'jobs.json'), jobs);
    }
    await collect(jobs, wanted, options, onEnd);
  },
});

async function jobsIn(place: string): Promise<SlurmJob[]> {
  try {
    return JSON.parse(await readFile(join(place, 'jobs.json'), 'utf8')) as SlurmJob[];
  } catch {
    return []; // none yet, or damaged: its cells are submitted again
  }
}

async function stillQueued(jobs: readonly SlurmJob[], wanted: ReadonlySet<string>) {
  const found = await Promise.all(jobs.map(async (job) => ({ job, live: await liveFoldersOf(job) })));
  return found.filter(({ live }) => live.some((folder) => wanted.has(folder)));
}

/** Folders of the tasks that wait or run. @throws Error if the queue does not answer */
async function liveFoldersOf(submitted: SlurmJob): Promise<string[]> {
  const { job } = submitted;
  const queue = await run('squeue', ['-h', '-r', '-j', job, '-o', '%K %T']).catch((error) => {
    if (/Invalid job id/.test(String(error.stderr))) return { stdout: '' }; // so long ended that it is forgotten
    throw new Error(`squeue does not answer: ${messageOf(error)}`);
  });
  const ids = queue.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => Number.parseInt(line, 10));
  return ids.flatMap((id) => foldersOf(submitted, id));
}

async function submit(
  place: string,
  folders: readonly string[],
  options: LaunchOptions,
  extra: readonly string[],
): Promise<SlurmJob> {
  for (const folder of folders) await unlock(folder);
  const script = join(place, `${basename(folders[0]!)}.sh`);
  await writeWhole(script, batchScript(place, folders, options));
  const args = ['--parsable', ...extra, script];
  const { stdout } = await run('sbatch', args).catch((error) => {
    const said = String(error.stderr ?? '').trim() || messageOf(error);
    throw new InputError(`sbatch refused the cells: ${said}; see --sbatch, or use --launcher local`);
  });
  const job = stdout.trim().split(';')[0]!; // "job;cluster" on a federation
  say(`submitted ${folders.length} cells as job ${job}`);
  return { job, folders, ...(options.perTask && { perTask: options.perTask }) };
}

/** The lock's process is on another node. Its task is not in the queue, so it is dead. */
async function unlock(folder: string): Promise<void> {
  const files = await readdir(folder, { recursive: true });
  const locks = files.filter((file) => basename(file) === runFiles.busy);
  await Promise.all(locks.map((file) => rm(join(folder, file), { force: true })));
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function batchScript(place: string, folders: readonly string[], options: LaunchOptions): string {
  const { jobs, timeLimit, memory, perTask = 1 } = options;
  const tasks = groupsOf(folders, perTask);
  const program = [process.execPath, join(besidePackage('bin'), 'medchaos.js')].map(quoted).join(' ');
  const limits = [`--time-limit ${timeLimit}`, ...(memory === null ? [] : [`--memory ${memory}`])].join(' ');
  return [
    '#!/bin/bash',
    '#SBATCH --job-name=medchaos',
    `#SBATCH --array=0-${tasks.length - 1}%${jobs}`,
    `#SBATCH --output=${join(place, 'task-%A_%a.txt')}`,
    `#SBATCH --chdir=${process.cwd()}`,
    // The cell's own limits come first; these are for a task that cannot even keep them.
    `#SBATCH --time=${Math.ceil((perTask * timeLimit) / 60) + 2}`,
    ...(memory === null ? [] : [`#SBATCH --mem=${memory + 256}M`]),
    '#SBATCH --no-requeue',
    // A line a cell: the task takes its part of them.
    'cells=(',
    ...folders.map((folder) => `  --cell=${quoted(folder)}`),
    ')',
    `exec ${program} sweep "\${cells[@]:SLURM_ARRAY_TASK_ID*${perTask}:${perTask}}" --guard ${limits}`,
    '',
  ].join('\n');
}

async function collect(
  jobs: readonly SlurmJob[],
  wanted: ReadonlySet<string>,
  { failFast }: LaunchOptions,
  onEnd: (folder: string) => Promise<void>,
): Promise<void> {
  const open = new Set(jobs.flatMap(({ folders }) => folders.filter((folder) => wanted.has(folder))));
  for (let silent = 0; open.size > 0; ) {
    const live = await liveFolders(jobs);
    if (live === null && ++silent > patience)
      throw new Error('squeue has not answered for two minutes; run the same command again to collect');
    if (live === null) await sleep(1000 * pollSeconds);
    if (live === null) continue;
    silent = 0;
    const ended = [...open].filter((folder) => !live.has(folder));
    for (const folder of ended) {
      open.delete(folder);
      await settle(folder, jobs);
      await onEnd(folder);
    }
    const failed = await Promise.all(ended.map(async (folder) => (await stateOfCell(folder)).state));
    if (failFast && failed.some((state) => state !== 'done'))
      return void (await run(
        'scancel',
        jobs.map(({ job }) => job),
      ).catch(() => {}));
    if (open.size > 0) await sleep(1000 * pollSeconds);
  }
}

/** Null where the queue does not answer just now. */
async function liveFolders(jobs: readonly SlurmJob[]): Promise<Set<string> | null> {
  try {
    return new Set((await Promise.all(jobs.map(liveFoldersOf))).flat());
  } catch {
    return null;
  }
}

/** A task that is over has left a status, unless it was killed from outside. */
async function settle(folder: string, jobs: readonly SlurmJob[]): Promise<void> {
  if ((await stateOfCell(folder)).state !== 'open') return;
  const { job, folders, perTask = 1 } = jobs.findLast((one) => one.folders.includes(folder))!;
  const task = `${job}_${Math.floor(folders.indexOf(folder) / perTask)}`;
  const shown = await run('scontrol', ['show', 'job', task]).catch(() => ({ stdout: '' }));
  const state = /JobState=(\S+)/.exec(shown.stdout)?.[1] ?? 'gone';
  const code = /ExitCode=(\d+:\d+)/.exec(shown.stdout)?.[1] ?? 'unknown';
  await failCell(
    folder,
    `its Slurm task ${task} ended without a result (${state}, exit code ${code}): killed, or its node went down; run the same command again`,
  );
}

/** @throws InputError without Slurm */
export async function checkSlurm(): Promise<void> {
  await run('sinfo', ['-h']).catch((error) => {
    const said = String(error.stderr ?? '').trim() || 'there is no sinfo command';
    throw new InputError(
      `--launcher slurm expected a Slurm cluster that answers, got: ${said}; use --launcher local`,
    );
  });
}
