/** The training story told to a trainer that only counts: when it saves, and what ends it. */
import { describe, expect, test } from 'vitest';
import type { Trainer } from '../../src/executors/executor.ts';
import { trainingDates } from '../../src/training/batches.ts';
import { beginning, type Progress } from '../../src/training/checkpoint.ts';
import { type TrainConfig, trainConfig } from '../../src/training/config.ts';
import { dateMaterial } from '../../src/training/date-lesson.ts';
import { type EpochRecord, fitNetwork, type StepRecord } from '../../src/training/fit.ts';

const config = trainConfig({ map: 'logistic', size: 64, pairs: 8, valPairs: 4, batch: 4, epochs: 10 });

/** An epoch is two steps; the outputs after `steps` steps are `outputAt(steps)`, and so decide the loss. */
class Counting implements Trainer {
  steps = 0;
  readonly rates: number[] = [];
  readonly lossAt: (steps: number) => number;
  readonly outputAt: (steps: number) => number;

  constructor(lossAt: (steps: number) => number, outputAt: (steps: number) => number = () => 0.5) {
    this.lossAt = lossAt;
    this.outputAt = outputAt;
  }

  step(_: unknown, rate: number): number {
    this.rates.push(rate);
    return this.lossAt(++this.steps);
  }
  predict = (_: Float32Array, count: number) => new Float32Array(count).fill(this.outputAt(this.steps));
  variables = [];
  read(name: string): never {
    throw new Error(`no variable ${name}`);
  }
  restore = () => undefined;
  dispose = () => undefined;
}

async function trained(trainer: Trainer, changes: Partial<TrainConfig>, start: Progress = beginning) {
  const epochs: EpochRecord[] = [];
  const steps: StepRecord[] = [];
  const saved: [string, Progress][] = [];
  const all = { ...config, ...changes };
  const hooks = {
    step: (record: StepRecord) => void steps.push(record),
    epoch: async (record: EpochRecord) => void epochs.push(record),
    checkpoint: async (progress: Progress, name: string) => void saved.push([name, progress]),
    checkpointSeconds: 1000,
  };
  const failure = { error: null as Error | null };
  const ended = await fitNetwork(trainer, all, dateMaterial(all, trainingDates(all)), start, hooks).catch(
    (error: Error) => {
      failure.error = error;
      return null;
    },
  );
  return { ended, epochs, steps, saved, error: failure.error };
}

describe('early stopping', () => {
  /** Worst for the first epoch, best after the third (6 steps), then worse again. */
  const bestInThird = (steps: number): number => (steps === 6 ? 0.5 : steps < 6 ? 5 : 9);

  test('ends after `patience` epochs without a better one, and keeps the best', async () => {
    const { ended, epochs, saved } = await trained(new Counting(() => 0.1, bestInThird), { patience: 2 });
    expect(ended).toBe('patience');
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5]);
    const best = saved.filter(([name]) => name === 'best').map(([, { steps }]) => steps);
    expect(best).toEqual([2, 6]); // the second epoch equals the first, which is no better
    expect(saved.at(-1)![1].best).toEqual({ epoch: 3, loss: epochs[2]!.valLoss });
  });

  test('a run resumed after its end ends again, without a step', async () => {
    const first = await trained(new Counting(() => 0.1, bestInThird), { patience: 2 });
    const again = await trained(new Counting(() => 0.1), { patience: 2 }, first.saved.at(-1)![1]);
    expect([again.ended, again.epochs]).toEqual(['patience', []]);
  });

  test('without patience every epoch is trained, and only the last is kept', async () => {
    const { ended, epochs, saved } = await trained(new Counting(() => 0.1, bestInThird), {});
    expect([ended, epochs.length]).toEqual(['epochs', 10]);
    expect(new Set(saved.map(([name]) => name))).toEqual(new Set(['last']));
  });
});

describe('the schedule', () => {
  const ratesOf = async (changes: Partial<TrainConfig>) => {
    const trainer = new Counting(() => 0.1);
    await trained(trainer, { lr: 1, warmup: 0, epochs: 4, ...changes });
    return trainer.rates;
  };

  test('goes by its own horizon: the first epochs of a longer run', async () => {
    const whole = await ratesOf({ decayEpochs: 4 });
    expect(await ratesOf({ epochs: 2, decayEpochs: 4 })).toEqual(whole.slice(0, 4));
    expect(await ratesOf({ epochs: 2 })).not.toEqual(whole.slice(0, 4));
    expect(whole).toEqual(await ratesOf({}));
  });

  test('constant: the peak rate after the warm-up', async () => {
    expect(await ratesOf({ schedule: 'constant' })).toEqual(Array(8).fill(1));
    const warmed = await ratesOf({ schedule: 'constant', warmup: 0.5 });
    expect(warmed).toEqual([1e-3, 0.25, 0.5, 0.75, 1, 1, 1, 1]);
  });
});

describe('each step tells', () => {
  test('its number, loss and rate, and the time left, none after the last', async () => {
    const { steps } = await trained(new Counting((step) => step / 10), { lr: 1, warmup: 0, epochs: 2 });
    expect(steps.map(({ steps, total, loss }) => [steps, total, loss])).toEqual([
      [1, 4, 0.1],
      [2, 4, 0.2],
      [3, 4, 0.3],
      [4, 4, 0.4],
    ]);
    expect(steps[2]!.lr).toBeCloseTo(0.5); // half of the cosine
    for (const { imagesPerSecond, secondsLeft } of steps) {
      expect(imagesPerSecond).toBeGreaterThan(0);
      expect(secondsLeft).toBeGreaterThanOrEqual(0);
    }
    expect(steps[3]!.secondsLeft).toBe(0);
  });

  test('a time left that a budget ends', async () => {
    const { steps } = await trained(new Counting(() => 0.1), { epochs: 100_000, maxSeconds: 1 });
    expect(Math.max(...steps.map(({ secondsLeft }) => secondsLeft))).toBeLessThanOrEqual(1);
  });
});

describe('a training that diverges stops, naming the step, and saves nothing more', () => {
  test('at a loss that is not a number', async () => {
    const { error, saved } = await trained(new Counting((steps) => (steps === 5 ? Number.NaN : 0.1)), {});
    expect(error?.message).toMatch(/training loss is NaN at step 5; the last checkpoint is kept.*--lr/);
    expect(saved.map(([, { steps }]) => steps)).toEqual([2, 4]);
  });

  test('at a validation that is not a number', async () => {
    const broken = new Counting(
      () => 0.1,
      (steps) => (steps > 2 ? Number.NaN : 0.5),
    );
    const { error, saved } = await trained(broken, { patience: 1 });
    expect(error?.message).toMatch(/validation loss is NaN at step 4/);
    expect(saved.map(([name, { steps }]) => [name, steps])).toEqual([
      ['best', 2],
      ['last', 2],
    ]);
  });
});
