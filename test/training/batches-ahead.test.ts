/** Batches drawn in other threads: the same, in the same order, whatever step a run begins at. */
import { describe, expect, test } from 'vitest';
import type { Batch } from '../../src/executors/executor.ts';
import { batchOf, stepDates, trainingDates } from '../../src/training/batches.ts';
import { BatchesAhead, drawnBatches } from '../../src/training/batches-ahead.ts';
import { type TrainConfig, trainConfig } from '../../src/training/config.ts';

const config = trainConfig({ target: 'calendar,hash,random', pairs: 20, valPairs: 2, size: 64, batch: 4 });
const dates = trainingDates(config);
const total = 15; // three epochs of five steps
const bytes = (batch: Batch): Buffer =>
  Buffer.concat([batch.x, batch.y].map(({ buffer }) => Buffer.from(buffer)));

/** What the training thread draws by itself, before anything is taken back. */
const expected = (step: number, of: TrainConfig = config): Buffer =>
  bytes(batchOf(of, stepDates(of, dates)(step)));

describe.each([0, 1, 3])('%i threads', (threads) => {
  test.each([0, 7])('every batch from step %i on, its memory used again', async (from) => {
    const batches = new BatchesAhead(drawnBatches(config, stepDates(config, dates)), total, threads);
    try {
      await batches.loaded();
      for (let step = from; step < total; step++) {
        const batch = await batches.take(step);
        expect(bytes(batch).equals(expected(step)), `step ${step}`).toBe(true);
        batch.x.fill(Number.NaN); // what is left in memory that is used again must not show
        batches.giveBack(batch);
      }
    } finally {
      await batches.close();
    }
  });
});

test('the first batches do not wait for the threads', async () => {
  const batches = new BatchesAhead(drawnBatches(config, stepDates(config, dates)), total, 1);
  expect(bytes(await batches.take(0)).equals(expected(0))).toBe(true);
  await batches.close();
});

test('closed in the middle, with batches under way, nothing is left', async () => {
  const batches = new BatchesAhead(drawnBatches(config, stepDates(config, dates)), total, 2);
  await batches.loaded();
  await batches.take(0);
  await batches.close(); // an unhandled rejection or a thread that stays would fail the run
  expect(process.getActiveResourcesInfo().filter((name) => name === 'MessagePort')).toEqual([]);
});

test('what a thread throws is thrown where its batch is taken', async () => {
  const wrong = { ...config, encoder: 'none' as never };
  const batches = new BatchesAhead(drawnBatches(wrong, stepDates(config, dates)), total, 1);
  await batches.loaded();
  await expect(batches.take(0)).rejects.toThrow(/"encoder" expected one of/);
  await batches.close();
});
