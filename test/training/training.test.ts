import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { targetOf } from '../../src/data/pairs/target.ts';
import { networkNames } from '../../src/models/networks.ts';
import { formatWallClock } from '../../src/shared/datetime.ts';
import { batchOf, epochOrder, targetNameOf, trainingDates } from '../../src/training/batches.ts';
import { experimentConfig, type TrainConfig, trainConfig, trainDefaults } from '../../src/training/config.ts';
import { validate } from '../../src/training/evaluate.ts';
import { rateFactor } from '../../src/training/schedule.ts';

describe('configuration', () => {
  test('what is not given is the default', () => {
    expect(trainConfig({ net: 'mobilenetv2', epochs: 2 })).toEqual({
      ...trainDefaults,
      net: 'mobilenetv2',
      epochs: 2,
    });
  });

  test('an experiment says what differs for a network; the command line says it last', () => {
    const nets = { resnet18: { batch: 64 }, mobilenetv2: { batch: 16, epochs: 9 } };
    const experiment = { size: 64, epochs: 3, nets };
    const of = (given: Partial<TrainConfig>) => {
      const { net, size, batch, epochs } = experimentConfig(experiment, given);
      return [net, size, batch, epochs];
    };
    expect(of({})).toEqual(['resnet18', 64, 64, 3]);
    expect(of({ net: 'mobilenetv2' })).toEqual(['mobilenetv2', 64, 16, 9]);
    expect(of({ net: 'mobilenetv2', epochs: 1 })).toEqual(['mobilenetv2', 64, 16, 1]);
    expect(of({ net: 'resnet34' })).toEqual(['resnet34', 64, trainDefaults.batch, 3]);
  });

  test.each(readdirSync('experiments').filter((name) => name.startsWith('learn-')))(
    'experiments/%s holds for every network',
    async (name) => {
      const { default: experiment } = await import(`../../experiments/${name}`);
      for (const net of networkNames) expect(experimentConfig(experiment, { net }).net).toBe(net);
    },
  );

  test.each([
    [{ net: 'vgg' }, /"net" expected resnet18, mobilenetv2.* or .*, got vgg/],
    [{ map: 'arnold' }, /"map" expected/],
    [{ epochs: 0 }, /"epochs" expected an integer/],
    [{ epochs: 1.5 }, /"epochs" expected an integer/],
    [{ lr: Number.NaN }, /"lr" expected/],
    [{ batch: 1 }, /batch norm needs two images/],
    [{ size: 32 }, /"size" expected/],
    [{ valPairs: 1 }, /"valPairs" expected an integer from 2/],
    [{ target: 'calendar,clock' }, /"target" expected calendar, hash, random, or several with commas/],
    [{ target: 'calendar, hash' }, /"target" expected/],
    [{ optimizer: 'rmsprop' }, /"optimizer" expected adam, adamw or sgd, got rmsprop/],
    [{ weightDecay: -0.1 }, /"weightDecay" expected/],
    [{ momentum: 1 }, /"momentum" expected/],
    [{ clip: 0 }, /"clip" expected a norm/],
    [{ dropout: 1 }, /"dropout" expected a rate from 0 to 0.9, got 1/],
    [{ patience: 0 }, /"patience" expected/],
    [{ schedule: 'linear' }, /"schedule" expected cosine or constant/],
    [{ epochs: 4, decayEpochs: 2 }, /"decayEpochs" expected at least the 4 epochs, got 2/],
    [{ pairs: 8, batch: 16 }, /at least one batch/],
    [{ learningRate: 1 }, /"learningRate" is unknown; known: net, map/],
  ])('refuses %j', (given, message) => {
    expect(() => trainConfig(given as Partial<TrainConfig>)).toThrow(message);
  });
});

describe('learning rate', () => {
  test('rises in the warm-up, peaks at its end, falls to zero along a cosine', () => {
    expect(rateFactor(0.025, 0.05)).toBeCloseTo(0.5);
    expect(rateFactor(0.05, 0.05)).toBe(1);
    expect(rateFactor(0.525, 0.05)).toBeCloseTo(0.5);
    expect(rateFactor(1, 0.05)).toBeCloseTo(0);
    expect(rateFactor(0, 0)).toBe(1);
  });
});

describe('pairs', () => {
  const config = trainConfig({ pairs: 64, valPairs: 16, size: 64, batch: 8, seed: 4 });

  test('no date stands in training and validation', () => {
    const { train, val } = trainingDates(config);
    expect([train.length, val.length]).toEqual([64, 16]);
    expect(new Set([...train, ...val].map(formatWallClock)).size).toBe(80);
  });

  test('an epoch holds each pair once, in an order of its own that the seed decides', () => {
    const first = [...epochOrder(config, 0)];
    expect(first.toSorted((a, b) => a - b)).toEqual([...first.keys()]);
    expect([...epochOrder(config, 0)]).toEqual(first);
    expect([...epochOrder(config, 1)]).not.toEqual(first);
    expect([...epochOrder({ ...config, seed: 5 }, 0)]).not.toEqual(first);
  });

  test('fresh dates: each epoch has its own, none comes twice, and more epochs only add some', () => {
    const fresh = { ...config, dates: 'fresh' as const, epochs: 3 };
    const { train, val } = trainingDates(fresh);
    const seen = [0, 1, 2].flatMap((epoch) => [...epochOrder(fresh, epoch)]);
    expect(seen.toSorted((a, b) => a - b)).toEqual([...train.keys()]);
    expect(new Set([...train, ...val].map(formatWallClock)).size).toBe(3 * 64 + 16);
    expect(trainingDates({ ...fresh, epochs: 4 }).train.slice(0, 192)).toEqual(train);
    expect(() => trainConfig({ ...fresh, pairs: 1e6, epochs: 10 })).toThrow(/at most 10000000 fresh ones/);
  });

  test('a batch holds images in [0, 1] with ink, and targets in [0, 1)', () => {
    const { x, y, count } = batchOf(config, trainingDates(config).val);
    expect([count, x.length, y.length]).toEqual([16, 16 * 64 * 64 * 3, 48]);
    expect(Math.min(...x.subarray(0, 4096))).toBe(0);
    expect(x.subarray(0, 64 * 64 * 3).some((v) => v === 1)).toBe(true);
    expect(y.every((v) => v >= 0 && v < 1)).toBe(true);
  });
});

describe('a mixed set of targets', () => {
  const config = trainConfig({ target: 'calendar,hash', pairs: 400, valPairs: 16, size: 64, seed: 4 });
  const { train, val } = trainingDates(config);

  test('each date has one of the targets, drawn by the seed, about as often as it is named', () => {
    const names = train.map((when) => targetNameOf(config, when));
    const share = (all: string[]): number => all.filter((name) => name === 'hash').length / all.length;
    expect(Math.abs(share(names) - 1 / 2)).toBeLessThan(0.1); // four standard deviations of 400 draws
    expect(train.map((when) => targetNameOf({ ...config, seed: 5 }, when))).not.toEqual(names);
    const thrice = { ...config, target: 'calendar,hash,hash,hash' };
    expect(Math.abs(share(train.map((when) => targetNameOf(thrice, when))) - 3 / 4)).toBeLessThan(0.1);
  });

  test('a batch holds the values of each date’s own target', () => {
    const { y } = batchOf(config, val);
    for (const [i, when] of val.entries()) {
      const expected = Float32Array.from(targetOf(when, 'lorenz', targetNameOf(config, when), 4));
      expect([...y.subarray(3 * i, 3 * i + 3)]).toEqual([...expected]);
    }
  });

  test('validation tells the targets apart', async () => {
    const dates = train.slice(0, 60);
    const perfect = trainConfig({ pairs: 64, size: 64, seed: 4, batch: 60 });
    // This network knows the calendar by heart, so it is wrong about the dates that stand for a hash.
    const model = { predict: () => batchOf(perfect, dates).y, dispose: () => undefined };
    const { mae, byTarget } = await validate(model, { ...config, batch: 60 }, dates);
    expect(byTarget!.calendar!.mae).toEqual([0, 0, 0]);
    expect(byTarget!.calendar!.r2).toEqual([1, 1, 1]);
    expect(Math.min(...byTarget!.hash!.mae)).toBeGreaterThan(0.1);
    expect(mae[0]!).toBeGreaterThan(0);
    expect((await validate(model, perfect, dates)).byTarget).toBeUndefined();
  });
});
