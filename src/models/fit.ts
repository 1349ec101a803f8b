/** The training story: epochs of seeded batches, a validation after each, a checkpoint now and then. */
import { stream } from '../shared/random.ts';
import { seconds } from '../shared/timing.ts';
import { batchOf, type Dates, epochOrder, stepsPerEpoch } from './batches.ts';
import type { Progress } from './checkpoint.ts';
import type { TrainConfig } from './config.ts';
import { validate } from './evaluate.ts';
import type { Trainer } from './executor.ts';
import { rateFactor } from './schedule.ts';

/** One line of metrics.jsonl. */
export interface EpochRecord {
  readonly epoch: number;
  readonly steps: number;
  readonly imagesSeen: number;
  readonly trainLoss: number;
  readonly valLoss: number;
  readonly valMae: number[];
  readonly valR2: number[];
  readonly lr: number;
  /** Seconds of training so far, validation included, all resumed parts added. */
  readonly seconds: number;
}

export interface FitHooks {
  step(steps: number, total: number, loss: number, imagesPerSecond: number): void;
  epoch(record: EpochRecord): Promise<void>;
  /** Called at the end of each epoch and at least every `checkpointSeconds`. */
  checkpoint(progress: Progress): Promise<void>;
}

const checkpointSeconds = 30;

/** What a run is made of. */
interface Run {
  readonly trainer: Trainer;
  readonly config: TrainConfig;
  readonly dates: Dates;
  readonly hooks: FitHooks;
  /** Steps of all epochs. */
  readonly total: number;
  /** Seconds of training so far. */
  readonly elapsed: () => number;
}

/**
 * Trains until all epochs are done or the time budget is used up.
 * @param start where a checkpoint left off
 * @returns true if the budget cut the training short
 */
export async function fitNetwork(
  trainer: Trainer,
  config: TrainConfig,
  dates: Dates,
  start: Progress,
  hooks: FitHooks,
): Promise<boolean> {
  const began = seconds() - start.seconds;
  const elapsed = (): number => seconds() - began;
  const total = stepsPerEpoch(config, dates) * config.epochs;
  const run: Run = { trainer, config, dates, hooks, total, elapsed };
  let { steps } = start;
  let losses = [...start.epochLosses];
  while (steps < total && !spent(run)) {
    ({ steps, losses } = await trainEpoch(run, steps, losses));
    await hooks.epoch(record(run, steps, losses));
    losses = [];
    await hooks.checkpoint({ steps, seconds: elapsed(), epochLosses: losses });
  }
  return steps < total;
}

/** From step `steps` to the end of its epoch, or of the time budget; at least one step. */
async function trainEpoch(run: Run, steps: number, before: number[]) {
  const { trainer, config, dates, hooks, total, elapsed } = run;
  const perEpoch = stepsPerEpoch(config, dates);
  const order = epochOrder(config, dates, Math.floor(steps / perEpoch));
  const losses = [...before];
  let saved = elapsed();
  do {
    const at = (steps % perEpoch) * config.batch;
    const chosen = Array.from(order.subarray(at, at + config.batch), (i) => dates.train[i]!);
    const since = seconds();
    const random = stream(config.seed, 'dropout', steps);
    losses.push(trainer.step(batchOf(config, chosen), rateAt(run, steps), random));
    steps++;
    hooks.step(steps, total, losses.at(-1)!, config.batch / (seconds() - since));
    if (elapsed() - saved > checkpointSeconds) {
      await hooks.checkpoint({ steps, seconds: elapsed(), epochLosses: losses });
      saved = elapsed();
    }
  } while (steps % perEpoch !== 0 && !spent(run));
  return { steps, losses };
}

const spent = ({ config, elapsed }: Run): boolean =>
  config.maxSeconds !== null && elapsed() >= config.maxSeconds;

/** The learning rate goes by steps, or by the time budget where that runs out first. */
function rateAt({ config, total, elapsed }: Run, steps: number): number {
  const byTime = config.maxSeconds === null ? 0 : elapsed() / config.maxSeconds;
  return config.lr * rateFactor(Math.max(steps / total, byTime), config.warmup);
}

function record(run: Run, steps: number, losses: number[]): EpochRecord {
  const { trainer, config, dates, elapsed } = run;
  const { loss, mae, r2 } = validate(trainer, config, dates.val);
  return {
    epoch: Math.ceil(steps / stepsPerEpoch(config, dates)),
    steps,
    imagesSeen: steps * config.batch,
    trainLoss: losses.reduce((a, b) => a + b, 0) / losses.length,
    valLoss: loss,
    valMae: mae,
    valR2: r2,
    lr: rateAt(run, steps),
    seconds: elapsed(),
  };
}
