/** How well a network tells the targets of dates it has not seen. */
import type { WallClock } from '../data/datetime.ts';
import { batchOf } from './batches.ts';
import { outputsOf, type TrainConfig } from './config.ts';
import type { Inference } from './executor.ts';

export interface Validation {
  readonly loss: number;
  /** Mean absolute error in the unit interval, a value an output. */
  readonly mae: number[];
  /** Coefficient of determination, a value an output; 1 is perfect, 0 a constant guess. */
  readonly r2: number[];
}

export function validate(model: Inference, config: TrainConfig, dates: readonly WallClock[]): Validation {
  const outputs = outputsOf(config);
  const predicted: number[] = [];
  const wanted: number[] = [];
  for (let at = 0; at < dates.length; at += config.batch) {
    const { x, y, count } = batchOf(config, dates.slice(at, at + config.batch));
    predicted.push(...model.predict(x, count));
    wanted.push(...y);
  }
  const errors = Array.from({ length: outputs }, (_, k) => column(predicted, wanted, k, outputs));
  const mean = (pick: (e: (typeof errors)[number]) => number): number[] => errors.map(pick);
  return {
    loss: mean((e) => e.mse).reduce((a, b) => a + b, 0) / outputs,
    mae: mean((e) => e.mae),
    r2: mean((e) => 1 - e.mse / e.variance),
  };
}

function column(predicted: number[], wanted: number[], k: number, outputs: number) {
  const truth = wanted.filter((_, i) => i % outputs === k);
  const errors = truth.map((value, i) => predicted[i * outputs + k]! - value);
  const average = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const centre = average(truth);
  return {
    mse: average(errors.map((e) => e * e)),
    mae: average(errors.map(Math.abs)),
    variance: average(truth.map((v) => (v - centre) ** 2)),
  };
}
