/** How well a network tells the targets of dates it has not seen. */
import type { Metadata } from '../data/metadata/extra.ts';
import type { Inference } from '../executors/executor.ts';
import { codedBatch, targetNameOf } from './batches.ts';
import { outputsOf, type TrainConfig, targetsOf } from './config.ts';

export interface Scores {
  /** Mean squared error over dates and outputs. */
  readonly loss: number;
  /** Mean absolute error in the unit interval, a value an output. */
  readonly mae: number[];
  /** Coefficient of determination, a value an output; 1 is perfect, 0 a constant guess. */
  readonly r2: number[];
}

/** Values [dates, outputs] in the unit interval. */
export interface Rows {
  readonly predicted: readonly number[];
  readonly wanted: readonly number[];
}

export interface Validation extends Scores {
  readonly rows: Rows;
  /** Of a classification: share of pictures whose greatest output is their class. */
  readonly accuracy?: number;
  /** Of a mixed set: the scores of each target's own dates (of those with two at least). */
  readonly byTarget?: Readonly<Record<string, Scores>>;
}

export async function validate(
  model: Inference,
  config: TrainConfig,
  dates: readonly Metadata[],
): Promise<Validation> {
  const outputs = outputsOf(config);
  const predicted: number[] = [];
  const wanted: number[] = [];
  for (let at = 0; at < dates.length; at += config.batch) {
    const { x, y, count } = codedBatch(config, dates.slice(at, at + config.batch));
    predicted.push(...(await model.predict(x, count)));
    wanted.push(...y);
  }
  const scoresOf = (rows: number[]): Scores => scores(predicted, wanted, rows, outputs);
  const all = scoresOf([...dates.keys()]);
  const names = new Set(targetsOf(config));
  const rows = { predicted, wanted };
  if (names.size === 1) return { ...all, rows };
  const rowsOf = (name: string): number[] =>
    [...dates.keys()].filter((i) => targetNameOf(config, dates[i]!) === name);
  const parts = [...names].map((name) => [name, rowsOf(name)] as const);
  const judged = parts.filter(([, of]) => of.length > 1);
  return { ...all, rows, byTarget: Object.fromEntries(judged.map(([name, of]) => [name, scoresOf(of)])) };
}

/** @param rows places of the rows that count, of `outputs` values each */
export function scores(
  predicted: number[],
  wanted: number[],
  rows: readonly number[],
  outputs: number,
): Scores {
  const errors = Array.from({ length: outputs }, (_, k) => {
    const at = rows.map((row) => row * outputs + k);
    return column(
      at.map((i) => predicted[i]!),
      at.map((i) => wanted[i]!),
    );
  });
  const mean = (pick: (e: (typeof errors)[number]) => number): number[] => errors.map(pick);
  return {
    loss: mean((e) => e.mse).reduce((a, b) => a + b, 0) / outputs,
    mae: mean((e) => e.mae),
    r2: mean((e) => 1 - e.mse / e.variance),
  };
}

function column(predicted: number[], truth: number[]) {
  const errors = truth.map((value, i) => predicted[i]! - value);
  const average = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const centre = average(truth);
  return {
    mse: average(errors.map((e) => e * e)),
    mae: average(errors.map(Math.abs)),
    variance: average(truth.map((v) => (v - centre) ** 2)),
  };
}
