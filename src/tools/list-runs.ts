/** All runs under one folder: kind, state, result, size on disk. */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Run, type RunKind, readRun } from '../runs/find-run.ts';
import { hasRunFile, readRunJson, runFile } from '../runs/run-files.ts';
import { readMetrics } from '../runs/run-folder.ts';
import { isLocked } from '../shared/folder-lock.ts';
import { type CellState, stateOfCell } from '../sweep/cell-folder.ts';
import { cellFoldersIn } from '../sweep/results.ts';
import type { EpochRecord } from '../training/fit.ts';
import type { Study } from '../training/study/study.ts';

export const runStates = ['running', 'done', 'failed', 'stopped'] as const;
export type RunState = (typeof runStates)[number];

export interface RunEntry {
  readonly id: string;
  readonly folder: string;
  readonly kind: RunKind | null;
  /** `stopped`: neither finished nor failed, and no process works on it. */
  readonly state: RunState;
  /** Why it failed. */
  readonly reason: string | null;
  /** ISO 8601, UTC: the last change of its status. */
  readonly changed: string;
  /** Of training, of a cell's work, of all cells of a sweep; null for other kinds. */
  readonly seconds: number | null;
  /** The least R2 of a network's outputs on unseen dates, else of its last validation; of a sweep the best cell's. */
  readonly r2: number | null;
  readonly bytes: number;
  /** `runs rm` leaves it alone. */
  readonly kept: boolean;
}

/** The runs of a folder, a sweep as one run; the newest first. */
export async function listRuns(root: string): Promise<RunEntry[]> {
  const names = existsSync(root) ? await readdir(root, { withFileTypes: true }) : [];
  const folders = names.filter((each) => each.isDirectory()).map(({ name }) => join(root, name));
  const entries = await Promise.all(folders.map((folder) => readRun(folder, root).then(entryOf, () => null)));
  return entries.filter((each) => each !== null).sort((a, b) => (a.changed < b.changed ? 1 : -1));
}

export async function entryOf({ folder, kind, status }: Run): Promise<RunEntry> {
  const [result, bytes] = await Promise.all([resultOf(folder, kind), bytesOf(folder)]);
  const { seconds, r2 } = result;
  return {
    id: basename(folder),
    folder,
    kind,
    state: await stateOf(folder, result.state ?? status?.state ?? null),
    reason: typeof status?.reason === 'string' ? status.reason : (result.reason ?? null),
    changed: await changedAt(folder),
    seconds,
    r2,
    bytes,
    kept: hasRunFile(folder, 'keep'),
  };
}

/** A killed process leaves `running` behind. */
async function stateOf(folder: string, state: string | null): Promise<RunState> {
  if (await isLocked(runFile(folder, 'busy'))) return 'running';
  return state === 'done' || state === 'failed' ? state : 'stopped';
}

interface Result extends Pick<RunEntry, 'seconds' | 'r2'> {
  /** Of a sweep, which has no status of its own. */
  readonly state?: RunState;
  readonly reason?: string;
}
const unknown: Result = { seconds: null, r2: null };

async function resultOf(folder: string, kind: RunKind | null): Promise<Result> {
  if (kind === 'training') return trainingResult(folder);
  if (kind === 'cell') return cellResult(await stateOfCell(folder));
  return kind === 'sweep' ? sweepResult(folder) : unknown;
}

function cellResult(cell: CellState): Result {
  if (cell.state !== 'done') return unknown;
  const { measures, seconds } = cell.result;
  return { seconds, r2: measures.r2_worst ?? measures.r2 ?? measures.val_r2 ?? null };
}

/** Seconds of all cells together, and the best R2 among them. It is done if all cells ended, and one of them well. */
async function sweepResult(folder: string): Promise<Result> {
  const cells = await Promise.all((await cellFoldersIn(folder)).map(stateOfCell));
  const count = (state: CellState['state']): number => cells.filter((cell) => cell.state === state).length;
  const results = cells.map(cellResult);
  const r2 = results.flatMap((cell) => cell.r2 ?? []);
  const seconds = results.reduce((sum, cell) => sum + (cell.seconds ?? 0), 0);
  const [done, failed, open] = [count('done'), count('failed'), count('open')];
  return {
    state: open > 0 || cells.length === 0 ? 'stopped' : done > 0 ? 'done' : 'failed',
    ...(failed > 0 && { reason: `${failed} of ${cells.length} cells failed` }),
    seconds: done > 0 ? seconds : null,
    r2: r2.length > 0 ? Math.max(...r2) : null,
  };
}

async function trainingResult(folder: string): Promise<Result> {
  const last = (await readMetrics<EpochRecord>(folder)).at(-1);
  const study = await readRunJson<Partial<Study>>(folder, 'study').catch(() => null);
  const r2 = study?.unseen?.outputs.map((output) => output.r2) ?? last?.valR2 ?? [];
  return { seconds: last?.seconds ?? null, r2: r2.length > 0 ? Math.min(...r2) : null };
}

async function changedAt(folder: string): Promise<string> {
  const file = hasRunFile(folder, 'status') ? runFile(folder, 'status') : folder;
  return (await stat(file)).mtime.toISOString();
}

async function bytesOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((each) => each.isFile());
  const sizes = await Promise.all(
    files.map(({ parentPath, name }) =>
      stat(join(parentPath, name)).then(
        ({ size }) => size,
        () => 0, // removed meanwhile
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
