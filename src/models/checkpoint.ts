/**
 * A checkpoint is one .safetensors file, renamed into place: weights and statistics under torchvision's names
 * in PyTorch's layout (so PyTorch loads them as they are), Adam's moments, and the state of the run.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../shared/files.ts';
import type { TrainerState } from './executor.ts';
import type { Network } from './network.ts';
import type { Tensors } from './parameters.ts';
import { encodeSafetensors, readSafetensors } from './safetensors.ts';
import { fromTorch, toTorch } from './weights.ts';

/** Where a run stands: steps taken, seconds of training, and the losses of the running epoch so far. */
export interface Progress {
  readonly steps: number;
  readonly seconds: number;
  readonly epochLosses: readonly number[];
}

export const checkpointFile = (run: string): string => join(run, 'checkpoints', 'last.safetensors');

export const hasCheckpoint = (run: string): boolean => existsSync(checkpointFile(run));

const isMoment = (name: string): boolean => name.startsWith('adam.');

export async function saveCheckpoint(run: string, network: Network, state: TrainerState, progress: Progress) {
  const moments = [...state.tensors].filter(([name]) => isMoment(name));
  const tensors = new Map([...toTorch(network, state.tensors), ...moments]);
  await writeWhole(checkpointFile(run), encodeSafetensors(tensors, { progress: JSON.stringify(progress) }));
}

export async function loadCheckpoint(
  run: string,
  network: Network,
): Promise<{ state: TrainerState; progress: Progress }> {
  const { tensors, metadata } = await readSafetensors(checkpointFile(run));
  const progress = JSON.parse(metadata.progress!) as Progress;
  const moments = [...tensors].filter(([name]) => isMoment(name));
  const all = new Map([...fromTorch(network, tensors), ...moments]);
  return { state: { tensors: all, steps: progress.steps }, progress };
}

/** The weights and statistics of a checkpoint, or of any .safetensors file under torchvision's names. */
export async function loadWeights(path: string, network: Network): Promise<Tensors> {
  const { tensors } = await readSafetensors(path, (name) => !isMoment(name));
  return fromTorch(network, tensors);
}
