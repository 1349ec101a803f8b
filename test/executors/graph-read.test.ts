/** Variables of the graph executor, which are read in groups. */
import { describe, expect, test } from 'vitest';
import { createTrainer } from '../../src/executors/executors.ts';
import { stream } from '../../src/shared/random.ts';
import { engine, notNative } from './_engines.ts';
import { seededBatch, seededTensors, smallNetworks, stateOf } from './_small.ts';

const size = 8;
const network = smallNetworks[0]!;
const begun = () => createTrainer(engine, network, seededTensors(network, 1), size);
const step = (trainer: ReturnType<typeof begun>) =>
  trainer.step(seededBatch(4, size, network.outputs, 2), 0.01, stream(1, 'dropout'));

describe.skipIf(notNative)(`what is read is the value now ${notNative ?? ''}`, () => {
  test('after a step, though a neighbour was read before it', async () => {
    const [read, plain] = [begun(), begun()];
    const [first, second] = read.variables.map(({ name }) => name) as [string, string];
    const before = read.read(first).data.slice();
    for (const trainer of [read, plain]) await step(trainer);
    const after = stateOf(plain).tensors;
    expect(read.read(second).data).toEqual(after.get(second)!.data);
    expect(read.read(first).data).toEqual(after.get(first)!.data);
    expect(before).not.toEqual(after.get(first)!.data);
    for (const trainer of [read, plain]) trainer.dispose();
  });

  test('after a restoration, and the same when it is read twice', () => {
    const trainer = begun();
    const [first, second] = trainer.variables.map(({ name }) => name) as [string, string];
    trainer.read(first);
    const other = seededTensors(network, 3);
    trainer.restore({ tensors: other, steps: 0 });
    for (const name of [second, first, first, second])
      expect(trainer.read(name).data).toEqual(other.get(name)!.data);
    trainer.dispose();
  });
});
