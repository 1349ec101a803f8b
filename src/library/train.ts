/** `train` as a function: the command's training, study and page. */
import type { DeviceName, EngineName } from '../engine/names.ts';
import type { Experiment } from '../training/config.ts';

export interface TrainCall extends Experiment {
  /** What computes the network; by default the native engine, if there is one. */
  readonly engine?: EngineName;
  readonly device?: DeviceName;
  /** The run folder; by default results/runs/<run id>. */
  readonly out?: string;
  /** Study what the network learned, as the command does by default. */
  readonly study?: boolean;
  /** Seconds between checkpoints within an epoch; by default 30. */
  readonly checkpointSeconds?: number;
  /** Threads that draw batches ahead where the engine's graph does not; by default 1. */
  readonly workers?: number;
}

export interface EpochRecord {
  readonly epoch: number;
  readonly steps: number;
  readonly imagesSeen: number;
  readonly trainLoss: number;
  readonly valLoss: number;
  readonly valMae: readonly number[];
  readonly valR2: readonly number[];
  readonly lr: number;
  readonly seconds: number;
}

export interface ParameterError {
  readonly name: string;
  readonly mae: number;
  /** `days`, `seconds`; parameters of a map have none. */
  readonly unit: string | null;
}

export interface Trained {
  /** The run folder. */
  readonly run: string;
  readonly engine: string;
  readonly ended: 'epochs' | 'time' | 'patience';
  /** The time budget ended before the epochs did. */
  readonly undertrained: boolean;
  readonly epochs: readonly EpochRecord[];
  /** The epoch whose weights the run is worth. */
  readonly epoch: number;
  /** Its validation error, in units of the map's parameters and of the date. */
  readonly error: {
    readonly parameters: readonly ParameterError[];
    readonly date: readonly ParameterError[] | null;
  };
  /** Path of the run's page. */
  readonly page: string;
}

/**
 * Trains a network, goes on with a run that was ended early, or finds one that is done.
 * @throws InputError for a wrong option, or a folder that holds a run with other options
 */
export async function train(call: TrainCall = {}): Promise<Trained> {
  const { engine: wanted, device, out, study = true, checkpointSeconds, workers, ...experiment } = call;
  const { experimentConfig } = await import('../training/config.ts');
  const config = experimentConfig(experiment, {});
  const { openEngine } = await import('../engine/engine.ts');
  const engine = await openEngine(wanted, device);
  const training = await import('../training/train.ts');
  const result = await training.train(config, engine, out, { checkpointSeconds, workers });
  if (study) await (await import('../training/study/study.ts')).studyOnce(result.run, engine);
  const { writeTrainingReport } = await import('../training/training-report.ts');
  const { path: page } = await writeTrainingReport(result.run);
  return { ...result, page };
}
