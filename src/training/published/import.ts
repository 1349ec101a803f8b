/** A published folder as a run again: `study`, `encrypt --model` and `train --init` take it. */
import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFile } from '../../runs/run-files.ts';
import { defaultRuns, writeStatus } from '../../runs/run-folder.ts';
import { InputError } from '../../shared/errors.ts';
import { makeFolder, makeFolderOf, writeJson } from '../../shared/files.ts';
import { folderOf, stagedPath } from '../../shared/staging.ts';
import { checkpointFile, loadWeights } from '../checkpoint.ts';
import { networkOf, type TrainConfig, trainConfig } from '../config.ts';
import { type Published, publishedFiles, readPublished } from './format.ts';

export interface Imported {
  /** The run folder. */
  readonly run: string;
  readonly config: TrainConfig;
}

/**
 * Makes the run folder. It appears whole.
 * @param out by default results/runs/<id of the run that was published>
 * @throws InputError for a folder that is no published network or was changed, or a run folder that exists
 */
export async function importPublished(folder: string, out?: string): Promise<Imported> {
  const { published, weights } = await readPublished(folder);
  const run = out ?? join(defaultRuns, runName(published, folder));
  if (existsSync(run)) throw new InputError(`${run} exists already; give another --out`);
  const config = configOf(published, folder);
  await loadWeights(join(folder, publishedFiles.weights), networkOf(config));
  await makeFolderOf(run);
  const staged = stagedPath(folderOf(run));
  try {
    await writeRun(staged, published, weights);
    await rename(staged, run);
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
  return { run, config };
}

function runName({ run }: Published, folder: string): string {
  if (/^[\w.-]+$/.test(run) && !run.startsWith('.')) return run;
  throw new InputError(
    `${folder}: "run" of its config.json expected the name of a run, got ${run}; give --out`,
  );
}

/** Without the marks of the machine and the files that the run was trained by. */
function configOf({ training }: Published, folder: string): TrainConfig {
  const { engine: _engine, initSha256: _init, manifestSha256: _manifest, ...given } = training;
  return trainConfig(given, join(folder, publishedFiles.config));
}

async function writeRun(run: string, published: Published, weights: Buffer): Promise<void> {
  const { training, epochs, study } = published;
  await makeFolder(runFile(run, 'checkpoints'));
  await writeFile(checkpointFile(run), weights);
  await writeJson(runFile(run, 'config'), training);
  await writeFile(runFile(run, 'metrics'), epochs.map((epoch) => `${JSON.stringify(epoch)}\n`).join(''));
  if (study) await writeJson(runFile(run, 'study'), study);
  await writeStatus(run, { state: 'done', epochs: Number(training.epochs) });
}
