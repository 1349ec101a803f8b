import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { openEngine } from '../../src/engine/engine.ts';
import { readSafetensors } from '../../src/models/safetensors.ts';
import { readMetrics, readStatus, runId } from '../../src/runs/run-folder.ts';
import { mean } from '../../src/shared/stats.ts';
import { trainingDates } from '../../src/training/batches.ts';
import { checkpointFile } from '../../src/training/checkpoint.ts';
import { trainConfig } from '../../src/training/config.ts';
import { readPredictions } from '../../src/training/predictions.ts';
import { readSteps } from '../../src/training/tensorboard/read-steps.ts';
import { train } from '../../src/training/train.ts';
import { findTraining, openTrained } from '../../src/training/trained.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-train-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const engine = await openEngine();
const tiny = trainConfig({
  net: 'mobilenetv2',
  map: 'logistic',
  size: 64,
  pairs: 32,
  valPairs: 8,
  batch: 8,
  epochs: 2,
});

/** All tensors of a checkpoint as one buffer: the header's metadata holds times, which differ. */
async function tensorsOf(run: string): Promise<Buffer> {
  const { tensors } = await readSafetensors(checkpointFile(run));
  return Buffer.concat([...tensors.values()].map(({ data }) => Buffer.from(data.buffer)));
}

test('dropout is what the configuration says, or else the network decides', async () => {
  const lossWith = async (changes: object): Promise<number> => {
    const path = join(root, `dropout-${JSON.stringify(changes)}`);
    const { epochs } = await train(trainConfig({ ...tiny, pairs: 8, epochs: 1, ...changes }), engine, path);
    return epochs[0]!.trainLoss;
  };
  const own = await lossWith({});
  expect(await lossWith({ dropout: 0.2 })).toBe(own);
  expect(await lossWith({ dropout: 0 })).not.toBe(own);
  await expect(lossWith({ net: 'resnet18', dropout: 0 })).rejects.toThrow(
    /"dropout" expected no value with resnet18, which has none; leave it out/,
  );
  expect(
    readdirSync(root).filter((name) => name.startsWith('dropout-') && name.includes('resnet18')),
  ).toEqual([]);
});

describe('a run', () => {
  const path = join(root, 'whole');
  const result = train(tiny, engine, path);

  test('leaves config, environment, metrics, predictions, status, an event file and a checkpoint', async () => {
    const { epochs, undertrained } = await result;
    expect(readdirSync(path).sort()).toEqual([
      'checkpoints',
      'config.json',
      'env.json',
      expect.stringMatching(/^events\.out\.tfevents\.\d{10}\./),
      'metrics.jsonl',
      'predictions.json',
      'status.json',
    ]);
    expect(undertrained).toBe(false);
    expect(epochs.map(({ epoch, imagesSeen }) => [epoch, imagesSeen])).toEqual([
      [1, 32],
      [2, 64],
    ]);
    for (const { trainLoss, valLoss, valMae } of epochs)
      for (const value of [trainLoss, valLoss, ...valMae]) expect(value).toBeGreaterThan(0);
    expect((await readStatus(path))?.state).toBe('done');
    const predictions = await readPredictions(path, 1);
    expect(predictions).toMatchObject({ epoch: 2, dates: trainingDates(tiny).val });
    const misses = predictions!.wanted.map(([value], i) => Math.abs(value! - predictions!.predicted[i]![0]!));
    expect(mean(misses)).toBeCloseTo(epochs[1]!.valMae[0]!, 5);
    expect((await readSteps(path)).map(({ steps }) => steps)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(JSON.parse(readFileSync(join(path, 'config.json'), 'utf8'))).toMatchObject({
      net: 'mobilenetv2',
      seed: 1,
    });
  });

  test('is found again, not trained again', async () => {
    await result;
    const before = await readMetrics(path);
    const again = await train(tiny, engine, path);
    expect(again.epochs).toEqual(before);
  });

  test('repeats itself with the same seed, bit for bit, and not with another', async () => {
    await result;
    await train(tiny, engine, join(root, 'twin'));
    await train({ ...tiny, seed: 2 }, engine, join(root, 'other'));
    const whole = await tensorsOf(path);
    expect((await tensorsOf(join(root, 'twin'))).equals(whole)).toBe(true);
    expect((await tensorsOf(join(root, 'other'))).equals(whole)).toBe(false);
  });

  test('predicts: the same outputs each time, from a picture of its own for each second', async () => {
    await result;
    const network = await openTrained(path);
    const when = { year: 2021, month: 3, day: 4, hour: 5, minute: 6, second: 7 };
    const [first] = await network.outputs([when]);
    const [again] = await network.outputs([when]);
    expect([...again!]).toEqual([...first!]);
    // Eight steps leave a network that answers the same to every date, so only its input is compared.
    expect(network.draw([{ ...when, second: 8 }])).not.toEqual(network.draw([when]));
    expect(first![0]! > 0 && first![0]! < 1).toBe(true);
    network.dispose();
  });

  test('a net or map that the run does not hold is refused', async () => {
    await result;
    await expect(findTraining({ map: 'lorenz', net: 'mobilenetv2', model: path })).rejects.toThrow(
      /holds logistic \+ mobilenetv2/,
    );
    await expect(findTraining({ map: 'lorenz', net: 'resnet18', runs: root })).rejects.toThrow(
      /npm run train/,
    );
  });
});

test('a time budget ends the training and says so; off a terminal an epoch is a line', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { undertrained, epochs } = await train(
    { ...tiny, epochs: 1000, maxSeconds: 2 },
    engine,
    join(root, 'budget'),
  );
  const lines = said.mock.calls.map(([text]) => String(text)).filter((text) => text.startsWith('train '));
  said.mockRestore();
  expect(lines).toHaveLength(epochs.length);
  for (const line of lines) expect(line).toMatch(/: epoch \d+\/1000 .* images\/s {2}0:0\d left\n$/);
  expect(undertrained).toBe(true);
  expect(epochs.at(-1)!.imagesSeen).toBeLessThan(32_000);
});

test('run ids depend on the values, not on the order of keys', () => {
  expect(runId('x', { a: 1, b: 2 }, 3)).toBe(runId('x', { b: 2, a: 1 }, 3));
  expect(runId('x', { a: 1, b: 3 }, 3)).not.toBe(runId('x', { a: 1, b: 2 }, 3));
  expect(runId('x', { a: 1 }, 3)).toMatch(/^x-[0-9a-f]{8}-s3$/);
});
