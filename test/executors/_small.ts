/** Small networks that hold every kind of layer, with strides and paddings, for tests of executors. */
import type { Batch, Trainer, TrainerState } from '../../src/executors/executor.ts';
import type { Layer, Network } from '../../src/models/network.ts';
import { parametersOf, sizeOf, type Tensors } from '../../src/models/parameters.ts';
import { stream } from '../../src/shared/random.ts';

/** All that a trainer knows, at once. */
export const stateOf = (trainer: Trainer): TrainerState => ({
  tensors: new Map(trainer.variables.map(({ name }) => [name, trainer.read(name)] as const)),
  steps: trainer.steps,
});

const norm = (name: string, channels: number): Layer => ({ kind: 'batchNorm', name, channels });
const conv = (
  name: string,
  input: number,
  out: number,
  size: number,
  stride: number,
  pad: number,
): Layer => ({
  kind: 'conv',
  name,
  in: input,
  out,
  size,
  stride,
  pad,
});
const depthwise = (name: string, channels: number, stride: number): Layer => ({
  kind: 'depthwise',
  name,
  channels,
  size: 3,
  stride,
  pad: 1,
});
const pool: Layer = { kind: 'globalPool' };
const head = (input: number): Layer[] => [
  pool,
  { kind: 'linear', name: 'fc', in: input, out: 3, init: 'uniform' },
];

const networkOf = (name: string, layers: Layer[]): Network => ({ name, layers, outputs: 3, head: 'fc.' });

/** One network a behaviour: what differs between them is named. */
export const smallNetworks: Network[] = [
  networkOf('conv 3x3 stride 1', [conv('c', 3, 4, 3, 1, 1), norm('b', 4), { kind: 'relu' }, ...head(4)]),
  networkOf('conv 7x7 stride 2 pad 3', [
    conv('c', 3, 4, 7, 2, 3),
    norm('b', 4),
    { kind: 'relu6' },
    ...head(4),
  ]),
  networkOf('conv 1x1 stride 2', [conv('c', 3, 4, 1, 2, 0), norm('b', 4), { kind: 'relu' }, ...head(4)]),
  ...[
    { size: 3, stride: 2, pad: 0 },
    { size: 5, stride: 3, pad: 1 },
    { size: 2, stride: 1, pad: 1 },
  ].map(({ size, stride, pad }) =>
    networkOf(`conv ${size}x${size} stride ${stride} pad ${pad}`, [
      conv('c', 3, 4, size, stride, pad),
      norm('b', 4),
      { kind: 'relu' },
      ...head(4),
    ]),
  ),
  networkOf('depthwise stride 1 and 2', [
    conv('c', 3, 4, 1, 1, 0),
    norm('b', 4),
    depthwise('d1', 4, 1),
    norm('b1', 4),
    { kind: 'relu6' },
    depthwise('d2', 4, 2),
    norm('b2', 4),
    ...head(4),
  ]),
  networkOf('max pool of negative values', [
    conv('c', 3, 4, 3, 1, 1),
    norm('b', 4),
    { kind: 'maxPool', size: 3, stride: 2, pad: 1 },
    ...head(4),
  ]),
  networkOf('residual with a projection and without', [
    conv('c', 3, 4, 3, 1, 1),
    norm('b', 4),
    {
      kind: 'residual',
      main: [conv('m', 4, 6, 3, 2, 1), norm('mb', 6)],
      shortcut: [conv('s', 4, 6, 1, 2, 0), norm('sb', 6)],
    },
    { kind: 'relu' },
    { kind: 'residual', main: [conv('n', 6, 6, 3, 1, 1), norm('nb', 6)], shortcut: [] },
    ...head(6),
  ]),
  networkOf('dropout', [
    conv('c', 3, 8, 3, 2, 1),
    norm('b', 8),
    pool,
    { kind: 'dropout', name: 'drop', channels: 8, rate: 0.5 },
    { kind: 'linear', name: 'fc', in: 8, out: 3, init: 'normal' },
  ]),
];

/** Seeded values for every parameter and statistic; variances and scales positive. */
export function seededTensors(network: Network, seed: number): Tensors {
  return new Map(
    parametersOf(network).map(({ name, shape }) => {
      const random = stream(seed, name);
      const positive = name.endsWith('running_var') || shape.length === 1;
      const draw = (): number => (positive ? 0.5 + random.next() : 0.6 * random.normal());
      return [name, { shape, data: Float32Array.from({ length: sizeOf(shape) }, draw) }];
    }),
  );
}

export function seededBatch(count: number, size: number, outputs: number, seed: number): Batch<Float32Array> {
  const random = stream(seed, 'batch');
  const draw = (n: number): Float32Array => Float32Array.from({ length: n }, () => random.next());
  return { x: draw(count * size * size * 3), y: draw(count * outputs), count };
}
