/**
 * A checkpoint is one .safetensors file, renamed into place: weights and statistics under torchvision's names
 * in PyTorch's layout (so PyTorch loads them as they are), the optimiser's state, and where the run stands.
 * Schedule, order and dropout need no state: they follow from the step and the seed.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../shared/errors.ts';
import { writeWhole } from '../shared/files.ts';
import type { TrainerState } from './executor.ts';
import type { Network } from './network.ts';
import { isOptimizerState } from './optimizer.ts';
import type { Tensors } from './parameters.ts';
import { encodeSafetensors, readSafetensors } from './safetensors.ts';
import { fromTorch, toTorch } from './weights.ts';

/** The epoch, counted from 1, with the lowest validation loss so far. */
export interface Best {
  readonly epoch: number;
  readonly loss: number;
}

/** Where a run stands: steps taken, seconds of training, the losses of the running epoch so far, the best epoch. */
export interface Progress {
  readonly steps: number;
  readonly seconds: number;
  readonly epochLosses: readonly number[];
  readonly best: Best | null;
}

export const beginning: Progress = { steps: 0, seconds: 0, epochLosses: [], best: null };

/** `last` to go on from; `best` (weights only) where early stopping watches. */
export type CheckpointName = 'last' | 'best';

export const checkpointFile = (run: string, name: CheckpointName = 'last'): string =>
  join(run, 'checkpoints', `${name}.safetensors`);

export const hasCheckpoint = (run: string): boolean => existsSync(checkpointFile(run));

/** The weights that a run is worth: of its best epoch where that was kept, else of its last. */
export const trainedFile = (run: string): string =>
  existsSync(checkpointFile(run, 'best')) ? checkpointFile(run, 'best') : checkpointFile(run);

/** @throws Error if a value is not finite: the checkpoint before stays as it is */
export async function saveCheckpoint(
  run: string,
  network: Network,
  state: TrainerState,
  progress: Progress,
  name: CheckpointName = 'last',
): Promise<void> {
  const slots = name === 'last' ? [...state.tensors].filter(([key]) => isOptimizerState(key)) : [];
  const tensors = new Map([...toTorch(network, state.tensors), ...slots]);
  checkFinite(tensors, progress.steps);
  const metadata = { format: 'pt', progress: JSON.stringify(progress) };
  await writeWhole(checkpointFile(run, name), encodeSafetensors(tensors, metadata));
}

function checkFinite(tensors: Tensors, steps: number): void {
  for (const [name, { data }] of tensors) {
    let zero = 0;
    for (let i = 0; i < data.length; i++) zero += data[i]! * 0; // NaN for NaN and infinities; 1 ns a value
    if (zero !== 0) throw new Error(`${name} is not finite after step ${steps}; ${divergedRemedy}`);
  }
}

/** What helps a training that diverged. */
export const divergedRemedy =
  'the last checkpoint is kept; train in another --out with a lower --lr, or with --clip 1';

export async function loadCheckpoint(
  run: string,
  network: Network,
): Promise<{ state: TrainerState; progress: Progress }> {
  const { tensors, metadata } = await readSafetensors(checkpointFile(run));
  if (!metadata.progress)
    throw new InputError(`${checkpointFile(run)} is no checkpoint: it lacks the run's progress; remove it`);
  const progress = { ...beginning, ...(JSON.parse(metadata.progress) as Progress) };
  const slots = [...tensors].filter(([name]) => isOptimizerState(name));
  const all = new Map([...fromTorch(network, tensors), ...slots]);
  return { state: { tensors: all, steps: progress.steps }, progress };
}

/** The weights and statistics of a checkpoint, or of any .safetensors file under torchvision's names. */
export async function loadWeights(path: string, network: Network): Promise<Tensors> {
  const { tensors } = await readSafetensors(path, (name) => !isOptimizerState(name));
  return fromTorch(network, tensors);
}
