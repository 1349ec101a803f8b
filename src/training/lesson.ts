/** What a training learns from, dates or pictures, as the training itself sees it. */
import type { Input, Loss, Trainer } from '../executors/executor.ts';
import type { Batches } from './batches-ahead.ts';
import type { TrainConfig } from './config.ts';
import type { PhysicalError } from './errors.ts';
import type { Rows, Validation } from './evaluate.ts';
import type { Evaluation } from './pictures/evaluation.ts';

/** The batches of the steps, and the validation after an epoch. */
export interface Material {
  /**
   * @param total steps of the whole training
   * @param workers threads that prepare batches; left out: as many as pay
   */
  batches(trainer: Trainer, total: number, workers?: number): Batches;
  validate(model: Trainer): Promise<Validation>;
  /** Writes the predictions of an epoch into the run's folder, for its page. */
  keep?(run: string, epoch: number, rows: Rows): Promise<void>;
  close?(): Promise<void>;
}

export interface Lesson {
  /** With the counts of its training and validation. */
  readonly config: TrainConfig;
  /** What config.json says, from which the run's id follows. */
  readonly saved: Readonly<Record<string, unknown>>;
  /** The first part of the run's id. */
  readonly name: string;
  /** Of the bar: `lorenz + resnet18`. */
  readonly title: string;
  /** Names of the network's outputs. */
  readonly outputs: readonly string[];
  readonly input: Input;
  readonly loss: Loss;
  /** Sentences for the user, before the training begins. */
  readonly lines: readonly string[];
  /** Writes into the run's folder what the run is studied and resumed with. */
  write(run: string): Promise<void>;
  material(): Material;
  /** A mean absolute error of each output in units of the user. */
  errors(mae: readonly number[]): { parameters: PhysicalError[]; date: PhysicalError[] | null };
  /** After the training, with the weights that the run is worth. */
  evaluate?(model: Trainer): Promise<Evaluation>;
}
