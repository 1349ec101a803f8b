import { describe, expect, test } from 'vitest';
import { GraphWriter } from '../../src/engine/graph-writer.ts';
import { GraphInference } from '../../src/executors/graph/inference.ts';
import { conv, convolve } from '../../src/executors/graph/operations/conv.ts';
import {
  convolveWinograd,
  hasWinograd,
  winograd,
  winogradKernels,
  winogradPays,
} from '../../src/executors/graph/operations/winograd.ts';
import { GraphSession } from '../../src/executors/graph/session.ts';
import { GraphTrainer, writeTrainingGraph } from '../../src/executors/graph/trainer.ts';
import type { Conv, Layer, Network } from '../../src/models/network.ts';
import { buildNetwork } from '../../src/models/networks.ts';
import { sizeOf, type Tensor } from '../../src/models/parameters.ts';
import { stream } from '../../src/shared/random.ts';
import { engine, notNative, relativeError } from './_engines.ts';
import { seededBatch, seededTensors } from './_small.ts';

const layerOf = (inputs: number, out: number): Conv => ({
  ...{ kind: 'conv', name: 'c', size: 3, stride: 1, pad: 1 },
  ...{ in: inputs, out },
});

const feed = (name: string, shape: readonly number[]): Tensor => {
  const random = stream(3, name);
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()) };
};
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);

/** Conv2D and minimal filtering over the same x, weight and gradient of y, which `run` feeds. */
function bothWays(side: number, inputs: number, out: number, count = 3) {
  const layer = layerOf(inputs, out);
  const g = new GraphWriter();
  const [x, dy] = [g.placeholder('x', [-1, side, side, inputs]), g.placeholder('dy', [-1, side, side, out])];
  const fetches = [conv(g, x, layer, side, false), winograd(g, x, layer, side)].map((y) => {
    const gradients = g.gradients(y, dy);
    return [y, gradients.get(x)!, gradients.get(g.variable('c.weight', []).value)!];
  });
  g.writeInitialise();
  const session = new GraphSession(engine, g);
  const weight = feed('weight', [3, 3, inputs, out]);
  const images = feed('x', [count, side, side, inputs]);
  const gradient = feed('dy', [count, side, side, out]);
  const run = (changed: { x?: Float32Array; weight?: Float32Array } = {}) => {
    const taps = { shape: weight.shape, data: changed.weight ?? weight.data };
    session.run({ [g.variable('c.weight', []).input]: taps }, ['initialise']);
    const feeds = { x: { shape: images.shape, data: changed.x ?? images.data }, dy: gradient };
    const [direct, minimal] = fetches.map((names) => session.run(feeds, names));
    return { direct: direct!, minimal: minimal! };
  };
  return { run, weight, images, gradient, dispose: () => session.dispose() };
}

/** Sides with and without a last tile's rest; channels that fill vectors and that do not. */
const cases = [1, 2, 3, 4, 5, 6, 7, 8, 14].flatMap((side) => [
  { side, inputs: 5, out: 6 },
  { side, inputs: 32, out: 16 },
]);

describe.skipIf(notNative)(`minimal filtering ${notNative ?? ''}`, () => {
  test.each(cases)('equals Conv2D, side $side, $inputs -> $out channels', ({ side, inputs, out }) => {
    const { run, dispose } = bothWays(side, inputs, out);
    const { direct, minimal } = run();
    for (const [i, name] of ['y', 'dx', 'dw'].entries())
      expect(relativeError(minimal[i]!, direct[i]!), name).toBeLessThan(1e-5);
    dispose();
  });

  test.each([7, 8])('its gradients are the slopes of <y, dy>, by central differences, side %i', (side) => {
    const { run, weight, images, gradient, dispose } = bothWays(side, 5, 6);
    const [, dx, dw] = run().minimal;
    for (const [name, { data, shape }, d] of [
      ['x', images, dx!],
      ['weight', weight, dw!],
    ] as const) {
      const direction = feed('direction', shape).data;
      const at = (step: number): number =>
        dot(run({ [name]: data.map((v, i) => v + step * direction[i]!) }).minimal[0]!, gradient.data);
      expect((at(0.5) - at(-0.5)) / dot(d, direction), name).toBeCloseTo(1, 3); // y is linear in both: any step will do
    }
    dispose();
  });

  test('runs repeat, bit for bit', () => {
    const { run, dispose } = bothWays(14, 128, 128, 16);
    const [first, second] = [run().minimal, run().minimal];
    for (const [i, values] of first.entries())
      expect(Buffer.from(values.buffer).equals(Buffer.from(second[i]!.buffer))).toBe(true);
    dispose();
  });

  test('with a bias and kernels made beforehand it adds the bias to every place', () => {
    const [side, layer] = [7, layerOf(5, 6)];
    const weight = feed('weight', [3, 3, 5, 6]);
    const g = new GraphWriter();
    const x = g.placeholder('x', [-1, side, side, 5]);
    const kernels = winogradKernels(weight).map(({ data, shape }) => g.constant(data, shape));
    const bias = g.constant(feed('bias', [6]).data);
    const minimal = convolveWinograd(g, x, layer, side, kernels, bias).y;
    const taps = g.constant(weight.data, weight.shape);
    const plain = g.op('BiasAdd', [convolve(g, x, layer, side, taps).y, bias]);
    const session = new GraphSession(engine, g);
    const [ours, direct] = session.run({ x: feed('x', [2, side, side, 5]) }, [minimal, plain]);
    expect(relativeError(ours!, direct!)).toBeLessThan(1e-5);
    session.dispose();
  });
});

/** A residual block with two layers that gain: 128 channels at the input's own side. */
const block: Layer[] = [
  { ...layerOf(128, 128), name: 'b1' },
  { kind: 'batchNorm', name: 'n1', channels: 128 },
  { kind: 'relu' },
  { ...layerOf(128, 128), name: 'b2' },
  { kind: 'batchNorm', name: 'n2', channels: 128 },
];
const wide: Network = {
  name: 'wide',
  layers: [
    { ...layerOf(3, 128), name: 'stem' },
    { kind: 'batchNorm', name: 'n0', channels: 128 },
    { kind: 'relu' },
    { kind: 'residual', main: block, shortcut: [] },
    { kind: 'relu' },
    { kind: 'globalPool' },
    { kind: 'linear', name: 'fc', in: 128, out: 3, init: 'uniform' },
  ],
  outputs: 3,
  head: 'fc.',
};

describe('where it is taken', () => {
  test.each([
    ['stage 1 of ResNet-18', layerOf(64, 64), 56, false],
    ['stage 2', layerOf(128, 128), 28, true],
    ['stage 3', layerOf(256, 256), 14, true],
    ['stage 4', layerOf(512, 512), 7, true],
    ['stage 2 at 64x64', layerOf(128, 128), 8, false],
    ['stage 3 at 64x64', layerOf(256, 256), 4, false],
    ['a stride', { ...layerOf(128, 128), stride: 2 }, 28, false],
    ['no padding', { ...layerOf(128, 128), pad: 0 }, 28, false],
    ['another kernel', { ...layerOf(128, 128), size: 5, pad: 2 }, 28, false],
  ] as const)('%s', (_, layer, side, taken) => {
    expect(winogradPays(layer, side)).toBe(taken);
  });

  test.each([
    ['resnet18', 224, true],
    ['resnet34', 128, true],
    ['resnet18', 64, false],
    ['mobilenetv2', 224, false],
  ] as const)('%s at %i: %s', (name, size, taken) => {
    expect(hasWinograd(buildNetwork(name, 3), size)).toBe(taken);
  });

  test.skipIf(notNative)(`other networks' graphs stay as they were ${notNative ?? ''}`, () => {
    const bytes = (name: 'resnet18' | 'mobilenetv2', taken: boolean): Buffer =>
      Buffer.from(writeTrainingGraph(buildNetwork(name, 3), 224, undefined, taken).bytes());
    expect(bytes('mobilenetv2', true).equals(bytes('mobilenetv2', false))).toBe(true);
    expect(bytes('resnet18', true).equals(bytes('resnet18', false))).toBe(false);
  });
});

test.skipIf(notNative)(
  `a batch is predicted as its images are one at a time ${notNative ?? ''}`,
  async () => {
    const [size, count] = [17, 5];
    const tensors = seededTensors(wide, 3);
    const { x } = seededBatch(count, size, 3, 6);
    const inference = new GraphInference(engine, wide, tensors, size);
    const trainer = new GraphTrainer(engine, wide, tensors, size);
    const alone: number[] = [];
    const pixels = size * size * 3;
    for (let i = 0; i < count; i++)
      alone.push(...(await inference.predict(x.slice(i * pixels, (i + 1) * pixels), 1)));
    expect(relativeError(await inference.predict(x, count), alone)).toBeLessThan(1e-5);
    expect(relativeError(await trainer.predict(x, count), alone)).toBeLessThan(1e-5);
    inference.dispose();
    trainer.dispose();
  },
);
