/**
 * A checkpoint is one .safetensors file, renamed into place: weights and statistics under torchvision's names
 * in PyTorch's layout (so PyTorch loads them as they are), the optimiser's state, and where the run stands.
 * Schedule, order and dropout need no state: they follow from the step and the seed.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Trainer, TrainerState, Variable } from '../executors/executor.ts';
import type { Network } from '../models/network.ts';
import { isOptimizerState, type OptimizerConfig, type OptimizerName, slotsOf } from '../models/optimizer.ts';
import { parametersOf, type Tensors, transpose } from '../models/parameters.ts';
import { encodeSafetensors, readSafetensors, type Source, safetensorsParts } from '../models/safetensors.ts';
import { faultsOf, fromTorch, summary } from '../models/weights.ts';
import { runFile } from '../runs/run-files.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { writeWhole } from '../shared/files.ts';

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
  join(runFile(run, 'checkpoints'), `${name}.safetensors`);

export const hasCheckpoint = (run: string): boolean => existsSync(checkpointFile(run));

/** The weights that a run is worth: of its best epoch where that was kept, else of its last. */
export const trainedFile = (run: string): string =>
  existsSync(checkpointFile(run, 'best')) ? checkpointFile(run, 'best') : checkpointFile(run);

/** Leaves of a finished run one checkpoint, its trained weights without the optimiser's state. */
export async function keepWeights(run: string): Promise<void> {
  const { tensors, metadata } = await readSafetensors(trainedFile(run), (name) => !isOptimizerState(name));
  await writeWhole(checkpointFile(run), encodeSafetensors(tensors, metadata));
  await rm(checkpointFile(run, 'best'), { force: true });
}

/** @throws Error if a value is not finite: the checkpoint before stays as it is */
export async function saveCheckpoint(
  run: string,
  network: Network,
  trainer: Trainer,
  progress: Progress,
  name: CheckpointName = 'last',
): Promise<void> {
  const wanted = trainer.variables.filter((variable) => name === 'last' || !isOptimizerState(variable.name));
  const metadata = { format: 'pt', progress: JSON.stringify(progress) };
  const parts = safetensorsParts(checkpointSources(network, trainer, wanted), metadata);
  await writeWhole(checkpointFile(run, name), parts);
}

function checkpointSources(network: Network, trainer: Trainer, wanted: readonly Variable[]): Source[] {
  const axesOf = new Map(parametersOf(network).map((spec) => [spec.name, spec.torchAxes]));
  return wanted.map(({ name, shape }) => {
    const axes = axesOf.get(name);
    const values = (): Float32Array => {
      const tensor = trainer.read(name);
      checkFinite(name, tensor.data, trainer.steps);
      return (axes ? transpose(tensor, axes) : tensor).data;
    };
    return { name, shape: axes ? axes.map((axis) => shape[axis]!) : shape, values };
  });
}

function checkFinite(name: string, data: Float32Array, steps: number): void {
  let zero = 0;
  for (let i = 0; i < data.length; i++) zero += data[i]! * 0; // NaN for NaN and infinities; 1 ns a value
  if (zero !== 0) throw new Error(`${name} is not finite after step ${steps}; ${divergedRemedy}`);
}

/** What helps a training that diverged. */
export const divergedRemedy =
  'the last checkpoint is kept; train in another --out with a lower --lr, or with --clip 1';

/**
 * @param options that the optimiser's state must be of
 * @throws InputError if it is damaged, of another network or optimiser, or no checkpoint, saying what differs
 */
export async function loadCheckpoint(
  run: string,
  network: Network,
  { optimizer }: Pick<OptimizerConfig, 'optimizer'>,
): Promise<{ state: TrainerState; progress: Progress }> {
  const path = checkpointFile(run);
  const remedy = 'give the command that it was made with, or another --out';
  const { tensors, metadata } = await readSafetensors(path).catch((error) => {
    throw new InputError(`${messageOf(error)}; delete it to begin again, or give another --out`);
  });
  const progress = progressOf(metadata.progress);
  if (!progress) throw new InputError(`${path} is no checkpoint: it lacks the run's progress; ${remedy}`);
  const weights = weightsOf(path, network, tensors, remedy);
  const slots = [...tensors].filter(([name]) => isOptimizerState(name));
  const wrong = slotFaults(network, optimizer, new Map(slots));
  if (wrong.length > 0)
    throw new InputError(`${path} does not hold the state of ${optimizer}: ${summary(wrong)}; ${remedy}`);
  return { state: { tensors: new Map([...weights, ...slots]), steps: progress.steps }, progress };
}

function progressOf(text: string | undefined): Progress | null {
  try {
    const progress = { ...beginning, ...(JSON.parse(text ?? '') as Progress) };
    return Number.isSafeInteger(progress.steps) && Array.isArray(progress.epochLosses) ? progress : null;
  } catch {
    return null;
  }
}

function slotFaults(network: Network, optimizer: OptimizerName, slots: Tensors): string[] {
  const trainable = parametersOf(network).filter((spec) => spec.trainable);
  const expected = slotsOf[optimizer].flatMap((slot) =>
    trainable.map(({ name, shape }) => ({ name: slot + name, shape })),
  );
  const missing = expected.filter(({ name }) => !slots.has(name)).map(({ name }) => name);
  const reshaped = expected.flatMap(({ name, shape }) => {
    const found = slots.get(name)?.shape;
    return found && found.join() !== shape.join() ? [{ name, found, expected: shape }] : [];
  });
  return faultsOf({ missing, reshaped });
}

/** The weights and statistics of a checkpoint, or of any .safetensors file under torchvision's names. */
export async function loadWeights(path: string, network: Network): Promise<Tensors> {
  const { tensors } = await readSafetensors(path, (name) => !isOptimizerState(name));
  return weightsOf(path, network, tensors, 'give the --net and --map that they are of');
}

function weightsOf(path: string, network: Network, tensors: Tensors, remedy: string): Tensors {
  try {
    return fromTorch(network, tensors);
  } catch (error) {
    throw new InputError(`${path}: ${messageOf(error)}; ${remedy}`);
  }
}
