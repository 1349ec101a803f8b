/** Runs one cell in this process: `sweep --cell FOLDER`. */
import { environment } from '../engine/environment.ts';
import { readRunJson, runFile } from '../runs/run-files.ts';
import { writeStatus } from '../runs/run-folder.ts';
import { messageOf } from '../shared/errors.ts';
import { writeJson } from '../shared/files.ts';
import { withLock } from '../shared/folder-lock.ts';
import { say } from '../shared/progress.ts';
import { seconds } from '../shared/timing.ts';
import { type CellOrder, type CellResult, stateOfCell } from './cell-folder.ts';
import { checkConfig } from './sweep.ts';
import type { Work } from './work.ts';
import { loadWork } from './works.ts';

/**
 * Runs the cell, or finds it done.
 * @throws the error of its work, after writing status.json
 */
export async function runCell(folder: string): Promise<CellResult> {
  const order = await readRunJson<CellOrder>(folder, 'config');
  return withLock(runFile(folder, 'busy'), () => runOrder(folder, order), 'sweep --cell');
}

async function runOrder(folder: string, order: CellOrder): Promise<CellResult> {
  const before = await stateOfCell(folder);
  if (before.state === 'done') return before.result;
  await writeStatus(folder, { state: 'running' });
  try {
    const work = await loadWork(order.work);
    checkConfig(order.config, work);
    return await measured(folder, order, work);
  } catch (error) {
    await writeStatus(folder, { state: 'failed', reason: messageOf(error) });
    throw error;
  }
}

async function measured(folder: string, { config }: CellOrder, work: Work): Promise<CellResult> {
  say(`config: ${JSON.stringify(config)}`);
  await writeJson(runFile(folder, 'environment'), environment());
  const started = seconds();
  const measures = await work.run(config, folder);
  const result = { measures, seconds: seconds() - started };
  await writeJson(runFile(folder, 'result'), result);
  await writeStatus(folder, { state: 'done' });
  return result;
}
