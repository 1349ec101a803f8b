/** inParallel: order, width, and what a failure leaves. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inParallel } from '../../../src/data/datasets/_pool.ts';

test('results in the order of the items, never more than the width at once', async () => {
  let [now, most] = [0, 0];
  const results = await inParallel([5, 1, 4, 2, 3], 2, async (n) => {
    most = Math.max(most, ++now);
    await sleep(n);
    now--;
    return n * n;
  });
  expect(results).toEqual([25, 1, 16, 4, 9]);
  expect(most).toBe(2);
  expect(await inParallel([], 3, async () => 1)).toEqual([]);
});

test('after an error nothing is begun, and what was begun has ended', async () => {
  const [begun, ended]: number[][] = [[], []];
  const work = inParallel([0, 1, 2, 3], 2, async (n) => {
    begun!.push(n);
    if (n === 0) throw new Error('first');
    await sleep(5);
    ended!.push(n);
  });
  await expect(work).rejects.toThrow('first');
  expect([begun, ended]).toEqual([[0, 1], [1]]);
});
