/**
 * The training story: epochs of seeded batches, a validation after each, a checkpoint now and then, until the
 * epochs, the time or the patience are used up.
 */

import type { Trainer } from '../executors/executor.ts';
import { stream } from '../shared/random.ts';
import { seconds } from '../shared/timing.ts';
import { stepsPerEpoch } from './batches.ts';
import type { Batches } from './batches-ahead.ts';
import { type Best, type CheckpointName, divergedRemedy, type Progress } from './checkpoint.ts';
import type { TrainConfig } from './config.ts';
import type { Rows, Scores } from './evaluate.ts';
import type { Material } from './lesson.ts';
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
  /** Of a mixed set only. */
  readonly valByTarget?: Readonly<Record<string, Scores>>;
  /** Of a classification only. */
  readonly valAccuracy?: number;
  readonly lr: number;
  /** Seconds of training so far, validation included, all resumed parts added. */
  readonly seconds: number;
}

/** What is told after each step. */
export interface StepRecord {
  /** Steps taken so far, of `total`. */
  readonly steps: number;
  readonly total: number;
  readonly loss: number;
  readonly lr: number;
  /** Of this step, its batch's drawing included. */
  readonly imagesPerSecond: number;
  /** Expected until the last step or the end of the time budget, at the mean speed since the start or resumption. */
  readonly secondsLeft: number;
}

export interface FitHooks {
  step(record: StepRecord): void;
  /** @param rows of the validation dates; `best`: no epoch before has a lower validation loss */
  epoch(record: EpochRecord, rows: Rows, best: boolean): Promise<void>;
  /** Called at the end of each epoch and at least every `checkpointSeconds`; `best` where patience is set. */
  checkpoint(progress: Progress, name: CheckpointName): Promise<void>;
  /** By default 30; 0 is after each step. */
  readonly checkpointSeconds?: number | undefined;
  /** Threads that prepare batches ahead, as `TrainOptions`. Changes no result. */
  readonly workers?: number | undefined;
}

/** What a training ended by. */
export type Ending = 'epochs' | 'time' | 'patience';

/** What a run is made of. */
interface Run {
  readonly trainer: Trainer;
  readonly config: TrainConfig;
  readonly material: Material;
  readonly hooks: FitHooks;
  readonly batches: Batches;
  readonly perEpoch: number;
  /** Steps of all epochs. */
  readonly total: number;
  /** Seconds of training so far. */
  readonly elapsed: () => number;
  /** Where it began or was resumed. */
  readonly start: Progress;
}

/**
 * Trains until all epochs are done, the time budget is used up, or the validation loss falls no more.
 * @param start where a checkpoint left off
 * @throws Error at a loss that is not finite, naming the step; the checkpoint before is kept
 */
export async function fitNetwork(
  trainer: Trainer,
  config: TrainConfig,
  material: Material,
  start: Progress,
  hooks: FitHooks,
): Promise<Ending> {
  const began = seconds() - start.seconds;
  const elapsed = (): number => seconds() - began;
  const perEpoch = stepsPerEpoch(config);
  const total = perEpoch * config.epochs;
  const batches = material.batches(trainer, total, hooks.workers);
  try {
    return await trainEpochs({ trainer, config, material, hooks, batches, perEpoch, total, elapsed, start });
  } finally {
    await batches.close();
  }
}

async function trainEpochs(run: Run): Promise<Ending> {
  const { config, hooks, total, elapsed, start } = run;
  let { steps, best } = start;
  let losses = [...start.epochLosses];
  while (steps < total && !spent(run) && !stale(run, steps, best)) {
    ({ steps, losses } = await trainEpoch(run, { ...start, steps, best, epochLosses: losses }));
    const { line, rows } = await record(run, steps, losses);
    const better = best === null || line.valLoss < best.loss;
    await hooks.epoch(line, rows, better);
    if (better) best = { epoch: line.epoch, loss: line.valLoss };
    losses = [];
    const progress = { steps, best, seconds: elapsed(), epochLosses: losses };
    if (better && config.patience !== null) await hooks.checkpoint(progress, 'best');
    await hooks.checkpoint(progress, 'last');
  }
  if (steps >= total) return 'epochs';
  return stale(run, steps, best) ? 'patience' : 'time';
}

/** From a step to the end of its epoch, or of the time budget; at least one step. */
async function trainEpoch(run: Run, start: Progress) {
  const { trainer, config, batches, hooks, perEpoch, elapsed } = run;
  let { steps } = start;
  const losses = [...start.epochLosses];
  let saved = elapsed();
  do {
    const since = seconds();
    const random = stream(config.seed, 'dropout', steps);
    const lr = rateAt(run, steps);
    const batch = await batches.take(steps);
    const loss = await trainer.step(batch, lr, random);
    batches.giveBack(batch);
    losses.push(loss);
    steps++;
    checkFinite('training loss', loss, steps);
    hooks.step({ ...timesOf(run, steps, seconds() - since), loss, lr });
    if (elapsed() - saved > (hooks.checkpointSeconds ?? 30)) {
      const progress = { steps, seconds: elapsed(), epochLosses: losses, best: start.best };
      await hooks.checkpoint(progress, 'last');
      saved = elapsed();
    }
  } while (steps % perEpoch !== 0 && !spent(run));
  return { steps, losses };
}

function timesOf({ config, total, elapsed, start }: Run, steps: number, took: number) {
  const each = (elapsed() - start.seconds) / (steps - start.steps);
  const budget = config.maxSeconds === null ? Infinity : config.maxSeconds - elapsed();
  const secondsLeft = Math.max(0, Math.min(each * (total - steps), budget));
  return { steps, total, imagesPerSecond: config.batch / took, secondsLeft };
}

function checkFinite(what: string, value: number, steps: number): void {
  if (!Number.isFinite(value)) throw new Error(`the ${what} is ${value} at step ${steps}; ${divergedRemedy}`);
}

const spent = ({ config, elapsed }: Run): boolean =>
  config.maxSeconds !== null && elapsed() >= config.maxSeconds;

/** Whether the best epoch lies `patience` whole epochs back. */
const stale = ({ config, perEpoch }: Run, steps: number, best: Best | null): boolean =>
  config.patience !== null && best !== null && Math.floor(steps / perEpoch) - best.epoch >= config.patience;

/** The learning rate goes by steps of the schedule's horizon, or by the time budget where that runs out first. */
function rateAt({ config, perEpoch, elapsed }: Run, steps: number): number {
  const byTime = config.maxSeconds === null ? 0 : elapsed() / config.maxSeconds;
  const bySteps = steps / (perEpoch * (config.decayEpochs ?? config.epochs));
  return config.lr * rateFactor(Math.max(bySteps, byTime), config.warmup, config.schedule);
}

async function record(run: Run, steps: number, losses: number[]) {
  const { trainer, config, material, perEpoch, elapsed } = run;
  const { loss, mae, r2, byTarget, accuracy, rows } = await material.validate(trainer);
  checkFinite('validation loss', loss, steps);
  const line: EpochRecord = {
    epoch: Math.ceil(steps / perEpoch),
    steps,
    imagesSeen: steps * config.batch,
    trainLoss: losses.reduce((a, b) => a + b, 0) / losses.length,
    valLoss: loss,
    valMae: mae,
    valR2: r2,
    ...(byTarget && { valByTarget: byTarget }),
    ...(accuracy !== undefined && { valAccuracy: accuracy }),
    lr: rateAt(run, steps),
    seconds: elapsed(),
  };
  return { line, rows };
}
