/** The losses of both executors: against their equations, and against each other. */
import { describe, expect, test } from 'vitest';
import { EagerTrainer } from '../../src/executors/eager/trainer.ts';
import { type Bytes, type Loss, losses } from '../../src/executors/executor.ts';
import { GraphTrainer } from '../../src/executors/graph/trainer.ts';
import { optimizerDefaults } from '../../src/models/optimizer.ts';
import { stream } from '../../src/shared/random.ts';
import { engine, notNative, onBackend, relativeError } from './_engines.ts';
import { seededTensors, smallNetworks } from './_small.ts';

const network = smallNetworks[0]!;
const initial = seededTensors(network, 3);
const [size, count] = [8, 4];
const input: Bytes = {
  size,
  type: 'uint8',
  normal: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
};
const random = stream(1, 'losses');
const x = Uint8Array.from({ length: count * size * size * 3 }, () => random.int(256));
/** One-hot, which every loss takes. */
const y = Float32Array.from({ length: 3 * count }, (_, i) => (i % 3 === Math.floor(i / 3) % 3 ? 1 : 0));
const optionsOf = (loss: Loss) => ({ ...optimizerDefaults, loss });

async function stepOf(trainer: EagerTrainer | GraphTrainer) {
  const loss = await trainer.step({ x, y, count }, 1e-3, stream(1));
  const outputs = await trainer.predict(x, count);
  const weight = trainer.read('fc.weight').data;
  trainer.dispose();
  return { loss, outputs, weight };
}

const eager = (loss: Loss) =>
  onBackend('cpu', (on) => stepOf(new EagerTrainer(on, network, initial, input, optionsOf(loss))));

describe.skipIf(notNative)(`losses ${notNative ?? ''}`, () => {
  test.each(losses)('%s: a step, its loss and its outputs are those of the other executor', async (loss) => {
    const [ours, theirs] = [
      await stepOf(new GraphTrainer(engine, network, initial, input, optionsOf(loss))),
      await eager(loss),
    ];
    expect(ours.loss).toBeCloseTo(theirs.loss, 5);
    expect(relativeError(ours.outputs, theirs.outputs)).toBeLessThan(1e-4);
    expect(relativeError(ours.weight, theirs.weight)).toBeLessThan(1e-4);
  });
});

test('softmax outputs sum to 1, linear ones are the logits of both', async () => {
  const [linear, softmax] = [await eager('linear'), await eager('softmax')];
  for (let i = 0; i < count; i++) {
    const row = softmax.outputs.slice(3 * i, 3 * i + 3);
    expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  }
  expect(linear.loss).not.toBeCloseTo(softmax.loss, 3);
});
