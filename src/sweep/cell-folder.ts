/**
 * A cell's run folder: config.json (written before it starts), env.json, status.json, result.json (written last, and
 * whole), log.txt (output of its process), and files of its work.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parsed, runFile } from '../runs/run-files.ts';
import { readStatus, writeStatus } from '../runs/run-folder.ts';
import { makeFolder, writeJson } from '../shared/files.ts';
import type { Cell } from './sweep.ts';
import type { Config, Measures } from './work.ts';

/** Input of a cell's process. */
export interface CellOrder {
  /** A name in works.ts, or the path of a module. */
  readonly work: string;
  readonly config: Config;
}

export interface CellResult {
  readonly measures: Measures;
  /** Of the work, without starting the process. */
  readonly seconds: number;
}

export type CellState =
  | { readonly state: 'done'; readonly result: CellResult }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'open' };

export const cellFolder = (out: string, cell: Pick<Cell, 'id'>): string => join(out, cell.id);

/** Makes the folder with its order. Removes the status of an earlier failure. */
export async function prepareCell(folder: string, order: CellOrder): Promise<void> {
  await makeFolder(folder);
  await rm(runFile(folder, 'status'), { force: true });
  await writeJson(runFile(folder, 'config'), order);
}

/** A damaged or half-finished cell is open: it runs again. */
export async function stateOfCell(folder: string): Promise<CellState> {
  const status = await readStatus(folder);
  if (status?.state === 'failed') return { state: 'failed', reason: String(status.reason) };
  if (status?.state !== 'done') return { state: 'open' };
  const result = await readResult(folder);
  return result ? { state: 'done', result } : { state: 'open' };
}

async function readResult(folder: string): Promise<CellResult | null> {
  const result = parsed<CellResult>(await readFile(runFile(folder, 'result'), 'utf8').catch(() => ''));
  return typeof result?.seconds === 'number' && typeof result.measures === 'object' ? result : null;
}

/** A reason from outside, where the cell's process could not leave one. */
export async function failCell(folder: string, reason: string): Promise<void> {
  if ((await stateOfCell(folder)).state !== 'failed') await writeStatus(folder, { state: 'failed', reason });
}
