/** The benchmarks of networks, on small pictures, whatever engine is there. */
import { expect, test } from 'vitest';
import { benchInfer } from '../../bench/infer.ts';
import { benchTrain } from '../../bench/train.ts';
import { openEngine } from '../../src/engine/engine.ts';

const engine = await openEngine();

test('infer: a row for each network and size', async () => {
  const rows = await benchInfer(engine, [64]);
  expect(rows.map(({ work, net, batch }) => [work, net, batch])).toEqual([
    ['inference 64x64', 'resnet18', 1],
    ['inference 64x64', 'mobilenetv2', 1],
  ]);
  expect(rows.every(({ ours, unit }) => ours > 0 && unit === 'ms')).toBe(true);
});

test('train: speed and first step for each network', async () => {
  const rows = await benchTrain(engine, [{ size: 64, batch: 2 }]);
  expect(rows.map(({ work, net, unit }) => [work, net, unit])).toEqual(
    ['resnet18', 'mobilenetv2'].flatMap((net) => [
      ['train 64x64', net, 'images/s'],
      ['train 64x64, first step', net, 's'],
    ]),
  );
  expect(rows.every(({ ours }) => ours > 0)).toBe(true);
});
