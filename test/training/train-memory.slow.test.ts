/** Memory of trainings, in processes of their own, on small pictures. */
import { expect, test } from 'vitest';
import { benchTrainMemory, inProcess } from '../../bench/train-memory.ts';
import { openEngine } from '../../src/engine/engine.ts';

const engine = await openEngine();
const notNative = engine.native ? null : `no native engine: ${engine.why}`;

test.skipIf(notNative)(
  `networks trained one after another in one process free what they used ${notNative ?? ''}`,
  async () => {
    const job = { net: 'resnet18', size: 64, batch: 2, steps: 1, engine: 'tensorflow', watch: [] } as const;
    const { after, tensors } = await inProcess({ ...job, models: 4 });
    expect(tensors).toBe(0);
    // Variables and Adam's moments of a network that stays are 134 MB; two that stayed would be 268.
    expect(after[3]! - after[1]!).toBeLessThan(134);
  },
  240_000,
);

test('a row for peak and one for growth', async () => {
  const effort = {
    nets: ['mobilenetv2'] as const,
    peak: { size: 64, batch: 2, steps: 1 },
    growth: { size: 64, batch: 2, between: [1, 2] as [number, number] },
  };
  const rows = await benchTrainMemory({ engine: engine.name, pytorch: null }, effort);
  expect(rows.map(({ work, net, unit, limit }) => [work, net, unit, limit])).toEqual([
    ['train 64x64: peak memory', 'mobilenetv2', 'MB', null],
    ['train 64x64: memory at step 2 / at step 1', 'mobilenetv2', 'ratio', 1.03],
  ]);
  // An idle Node takes 40 MB.
  expect(rows.every(({ ours, unit }) => (unit === 'MB' ? ours > 100 : ours > 0.5 && ours < 2))).toBe(true);
}, 240_000);
