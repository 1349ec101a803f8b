import { describe, expect, test } from 'vitest';
import { EagerTrainer } from '../../src/executors/eager/trainer.ts';
import { createInference } from '../../src/executors/executors.ts';
import { layersModelFiles, type ModelFiles } from '../../src/models/layers-model.ts';
import type { Network } from '../../src/models/network.ts';
import { buildNetwork, networks } from '../../src/models/networks.ts';
import { parametersOf, sizeOf, type Tensors } from '../../src/models/parameters.ts';
import { engine, onBackend } from '../executors/_engines.ts';
import { seededBatch, seededTensors, smallNetworks } from '../executors/_small.ts';

const { tf } = engine;

/** As any program would load the two files. */
function load({ json, weights }: ModelFiles) {
  const { modelTopology, weightsManifest, format } = JSON.parse(json);
  expect([format, weightsManifest[0].paths]).toEqual(['layers-model', ['weights.bin']]);
  const weightData = new Uint8Array(weights).buffer;
  return tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
  );
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(b, (v, i) => Math.abs(a[i]! - v)));

/** Waves that keep activations near 1 through all layers, and statistics that are not their initial ones. */
function wholeTensors(network: Network): Tensors {
  return new Map(
    parametersOf(network).map(({ name, shape }, k) => {
      const flat = shape.length === 1;
      const mean = name.endsWith('running_var') ? 1 : flat && name.endsWith('weight') ? 0.4 : 0;
      const height = flat ? 0.2 : 2 / Math.sqrt(sizeOf(shape.slice(0, -1)));
      const data = new Float32Array(sizeOf(shape));
      for (let i = 0; i < data.length; i++) data[i] = mean + height * Math.sin(0.7390851332 * i + 0.1 * k);
      return [name, { shape, data }];
    }),
  );
}

describe.each(Object.keys(networks))('%s as a LayersModel', (name) => {
  test('gives our outputs within 1e-5, and layers have torchvision’s names', async () => {
    const network = buildNetwork(name, 3);
    const tensors = wholeTensors(network);
    const { x } = seededBatch(2, 64, 3, 9);
    const files = await layersModelFiles(tf, network, tensors, 64, { map: 'lorenz' });
    const model = await load(files);
    const theirs = tf.tidy(() => (model.predict(tf.tensor4d(x, [2, 64, 64, 3])) as typeof value).dataSync());
    const inference = createInference(engine, network, tensors, 64);
    const ours = await inference.predict(x, 2);
    expect(largest(theirs, ours)).toBeLessThan(1e-5);
    expect(ours.some((v) => v > 0.01 && v < 0.99)).toBe(true); // where a sigmoid tells logits apart
    const layers = new Set(model.layers.map((layer) => layer.name));
    for (const spec of parametersOf(network))
      expect(layers.has(spec.name.slice(0, spec.name.lastIndexOf('.'))), spec.name).toBe(true);
    expect(JSON.parse(files.json).userDefinedMetadata).toEqual({ map: 'lorenz' });
    inference.dispose();
    model.dispose();
  });
});
declare const value: import('@tensorflow/tfjs').Tensor;

describe('each kind of layer, strides and paddings', () => {
  const exportable = smallNetworks.filter(({ name }) => !name.startsWith('max pool'));

  test.each(exportable)('$name', async (network) => {
    await onBackend('cpu', async (cpu) => {
      const tensors = seededTensors(network, 3);
      const { x } = seededBatch(2, 9, 3, 6);
      const model = await load(await layersModelFiles(tf, network, tensors, 9, {}));
      const theirs = (model.predict(tf.tensor4d(x, [2, 9, 9, 3])) as typeof value).dataSync();
      const trainer = new EagerTrainer(cpu, network, tensors, 9);
      expect(largest(theirs, await trainer.predict(x, 2))).toBeLessThan(1e-5);
      model.dispose();
    });
  });

  test('a max pooling whose border zero would win is refused', async () => {
    const network = smallNetworks.find(({ name }) => name.startsWith('max pool'))!;
    await expect(layersModelFiles(tf, network, seededTensors(network, 3), 9, {})).rejects.toThrow(
      /no padded max pooling but behind a ReLU/,
    );
  });

  test('nothing stays in memory', async () => {
    const before = tf.memory().numTensors;
    await layersModelFiles(tf, smallNetworks[0]!, seededTensors(smallNetworks[0]!, 3), 9, {});
    expect(tf.memory().numTensors).toBe(before);
  });
});
