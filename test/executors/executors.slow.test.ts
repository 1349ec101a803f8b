import { describe, expect, test } from 'vitest';
import { EagerTrainer } from '../../src/executors/eager/trainer.ts';
import type { Trainer } from '../../src/executors/executor.ts';
import { GraphInference } from '../../src/executors/graph/inference.ts';
import { GraphTrainer } from '../../src/executors/graph/trainer.ts';
import type { Layer, Network } from '../../src/models/network.ts';
import { buildNetwork, networks } from '../../src/models/networks.ts';
import { initialTensors, parametersOf, type Tensors } from '../../src/models/parameters.ts';
import { stream } from '../../src/shared/random.ts';
import { engine, notNative, onBackend, relativeError } from './_engines.ts';
import { seededBatch, seededTensors, smallNetworks, stateOf } from './_small.ts';

/** The gradients behind one step: Adam's first moment is 0.1 of them after it. */
async function gradientsOf(
  trainer: Trainer,
  network: Network,
  size: number,
): Promise<{ loss: number; gradients: Tensors; after: Tensors }> {
  const loss = await trainer.step(seededBatch(4, size, network.outputs, 5), 1e-3, stream(7, 'dropout'));
  const after = stateOf(trainer).tensors;
  const gradients = [...after]
    .filter(([name]) => name.startsWith('adam.m.'))
    .map(([name, { shape, data }]) => [name.slice(7), { shape, data: data.map((v) => v / 0.1) }] as const);
  return { loss, gradients: new Map(gradients), after };
}

const eagerOn = (backend: 'wasm' | 'cpu', network: Network, tensors: Tensors, size: number) =>
  onBackend(backend, async (fallback) => {
    const trainer = new EagerTrainer(fallback, network, tensors, size);
    const gradients = await gradientsOf(trainer, network, size);
    return { ...gradients, predicted: await trainer.predict(seededBatch(4, size, 3, 6).x, 4) };
  });

/** Odd and even sides: strides leave a rest at one or at the other end. */
const cases = smallNetworks.flatMap((network) =>
  [8, 9].map((size) => ({ name: network.name, network, size })),
);

describe.each(cases)('$name, side $size', ({ network, size }) => {
  const tensors = seededTensors(network, 3);

  test('gradient agrees with the loss along it, by central differences', async () => {
    await onBackend('cpu', async (fallback) => {
      const batch = seededBatch(4, size, 3, 5);
      const { gradients } = await new EagerTrainer(fallback, network, tensors, size).gradients(
        batch,
        stream(7, 'dropout'),
      );
      const names = parametersOf(network)
        .filter((spec) => spec.trainable)
        .map((spec) => spec.name);
      const norm = Math.sqrt(gradients.reduce((sum, g) => sum + g.reduce((s, v) => s + v * v, 0), 0));
      const lossAt = async (step: number): Promise<number> => {
        const moved = new Map(tensors);
        names.forEach((name, i) => {
          const { shape, data } = tensors.get(name)!;
          moved.set(name, { shape, data: data.map((v, j) => v + (step * gradients[i]![j]!) / norm) });
        });
        const trainer = new EagerTrainer(fallback, network, moved, size);
        return (await trainer.gradients(batch, stream(7, 'dropout'))).loss;
      };
      const step = 2e-3; // float32 losses of about 0.1: rounding is 1e-8 / 4e-3, far below the tolerance
      const slope = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
      expect(Math.abs(slope / norm - 1)).toBeLessThan(0.02);
    });
  });

  test('wasm equals cpu', async () => {
    const [cpu, wasm] = [
      await eagerOn('cpu', network, tensors, size),
      await eagerOn('wasm', network, tensors, size),
    ];
    expect(Math.abs(wasm.loss - cpu.loss)).toBeLessThan(1e-5);
    expect(relativeError(wasm.predicted, cpu.predicted)).toBeLessThan(1e-5);
    for (const [name, { data }] of cpu.gradients)
      expect(relativeError(wasm.gradients.get(name)!.data, data), name).toBeLessThan(1e-4);
  });

  test.skipIf(notNative)(`graph equals cpu ${notNative ?? ''}`, async () => {
    const cpu = await eagerOn('cpu', network, tensors, size);
    const trainer = new GraphTrainer(engine, network, tensors, size);
    const graph = await gradientsOf(trainer, network, size);
    expect(Math.abs(graph.loss - cpu.loss)).toBeLessThan(1e-5);
    for (const [name, { data }] of cpu.gradients)
      expect(relativeError(graph.gradients.get(name)!.data, data), name).toBeLessThan(1e-4);
    for (const { name, trainable } of parametersOf(network))
      if (!trainable)
        expect(relativeError(graph.after.get(name)!.data, cpu.after.get(name)!.data), name).toBeLessThan(
          1e-5,
        );
    const predicted = await trainer.predict(seededBatch(4, size, 3, 6).x, 4);
    expect(relativeError(predicted, cpu.predicted)).toBeLessThan(2e-3);
    trainer.dispose();
  });

  test.skipIf(notNative)(`folded inference equals unfolded ${notNative ?? ''}`, async () => {
    const { x } = seededBatch(4, size, 3, 6);
    const trainer = new GraphTrainer(engine, network, tensors, size);
    const inference = new GraphInference(engine, network, tensors, size);
    expect(relativeError(await inference.predict(x, 4), await trainer.predict(x, 4))).toBeLessThan(1e-5);
    trainer.dispose();
    inference.dispose();
  });
});

describe.each(Object.keys(networks))('%s, whole', (name) => {
  const network = buildNetwork(name, 3);
  const tensors = initialTensors(network, 1);
  const batch = seededBatch(4, 32, 3, 8);

  test.skipIf(notNative)(
    `the fallback's loss and outputs equal the native engine's ${notNative ?? ''}`,
    async () => {
      const graph = new GraphTrainer(engine, network, tensors, 32);
      const inference = new GraphInference(engine, network, tensors, 32);
      const native = {
        outputs: await inference.predict(batch.x, 4),
        loss: await graph.step(batch, 1e-3, stream(1, 'd')),
      };
      graph.dispose();
      inference.dispose();
      const fallback = await onBackend('wasm', async (wasm) => {
        const trainer = new EagerTrainer(wasm, network, tensors, 32);
        const outputs = await trainer.predict(batch.x, 4);
        return { outputs, loss: await trainer.step(batch, 1e-3, stream(1, 'd')) };
      });
      expect(relativeError(fallback.outputs, native.outputs)).toBeLessThan(1e-4);
      expect(Math.abs(fallback.loss - native.loss)).toBeLessThan(1e-4);
    },
  );
});

test('a step that WebAssembly cannot hold is said with the remedy', async () => {
  const conv: Layer = { kind: 'conv', name: 'c', in: 3, out: 256, size: 1, stride: 1, pad: 0 };
  const norm: Layer = { kind: 'batchNorm', name: 'b', channels: 256 };
  const head: Layer[] = [
    { kind: 'globalPool' },
    { kind: 'linear', name: 'fc', in: 256, out: 3, init: 'uniform' },
  ];
  const wide: Network = { name: 'wide', layers: [conv, norm, ...head], outputs: 3, head: 'fc.' };
  const batch = seededBatch(64, 128, 3, 1); // 1 GiB of activations a layer
  await onBackend('wasm', async (fallback) => {
    const trainer = new EagerTrainer(fallback, wide, initialTensors(wide, 1), 128);
    await expect(trainer.step(batch, 1e-3, stream(1, 'd'))).rejects.toThrow(
      /^WebAssembly's memory does not hold a step of 64 images of 128x128; give a smaller --batch/,
    );
  });
});
