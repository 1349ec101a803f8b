/** Parameters and running statistics of a network: names, shapes, initial values, and PyTorch's layouts. */
import { type Random, stream } from '../shared/random.ts';
import { flatten, type Layer, type Network, type Residual } from './network.ts';

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
/** Tensors by torchvision's name, e.g. `layer1.0.conv1.weight`, in TensorFlow's layout. */
export type Tensors = ReadonlyMap<string, Tensor>;

export interface ParameterSpec {
  readonly name: string;
  /** TensorFlow's layout: conv [h, w, in, out], depthwise [h, w, channels, 1], linear [in, out]. */
  readonly shape: readonly number[];
  /** The order of these axes in PyTorch's layout; null where both agree. */
  readonly torchAxes: readonly number[] | null;
  /** False for running statistics. */
  readonly trainable: boolean;
  readonly init: (random: Random) => number;
}

type Plain = Exclude<Layer, Residual>;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** All parameters and statistics in order of execution. */
export const parametersOf = (network: Network): ParameterSpec[] => flatten(network.layers).flatMap(specs);

/** Trainable values, with or without the head. */
export function countParameters(network: Network, part: 'backbone' | 'all'): number {
  return parametersOf(network)
    .filter((spec) => spec.trainable && (part === 'all' || !spec.name.startsWith(network.head)))
    .reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
}

function specs(layer: Plain): ParameterSpec[] {
  switch (layer.kind) {
    case 'conv': {
      const shape = [layer.size, layer.size, layer.in, layer.out];
      return [weight(layer.name, shape, [3, 2, 0, 1], kaimingNormal(layer.size ** 2 * layer.out))];
    }
    case 'depthwise': {
      const shape = [layer.size, layer.size, layer.channels, 1];
      return [weight(layer.name, shape, [2, 3, 0, 1], kaimingNormal(layer.size ** 2 * layer.channels))];
    }
    case 'batchNorm':
      return batchNormSpecs(layer.name, [layer.channels]);
    case 'linear': {
      const init = layer.init === 'normal' ? normal(0.01) : uniform(1 / Math.sqrt(layer.in));
      const bias = layer.init === 'normal' ? constant(0) : init;
      return [
        weight(layer.name, [layer.in, layer.out], [1, 0], init),
        vector(`${layer.name}.bias`, [layer.out], bias),
      ];
    }
    default:
      return [];
  }
}

const batchNormSpecs = (name: string, shape: number[]): ParameterSpec[] => [
  vector(`${name}.weight`, shape, constant(1)),
  vector(`${name}.bias`, shape, constant(0)),
  { ...vector(`${name}.running_mean`, shape, constant(0)), trainable: false },
  { ...vector(`${name}.running_var`, shape, constant(1)), trainable: false },
];

type Init = (random: Random) => number;

/** He et al. 2015 with fan-out, as torchvision initialises both networks' convolutions. */
const kaimingNormal = (fanOut: number): Init => normal(Math.sqrt(2 / fanOut));
const normal =
  (sd: number): Init =>
  (random) =>
    sd * random.normal();
const uniform =
  (bound: number): Init =>
  (random) =>
    bound * (2 * random.next() - 1);
const constant =
  (value: number): Init =>
  () =>
    value;

const weight = (layer: string, shape: number[], torchAxes: number[], init: Init): ParameterSpec => ({
  name: `${layer}.weight`,
  shape,
  torchAxes,
  trainable: true,
  init,
});
const vector = (name: string, shape: number[], init: Init): ParameterSpec => ({
  name,
  shape,
  torchAxes: null,
  trainable: true,
  init,
});

/** Initial values, each tensor from a stream of its own name, so that nets sharing layers share values. */
export function initialTensors(network: Network, seed: number): Tensors {
  return new Map(
    parametersOf(network).map((spec) => {
      const random = stream(seed, 'init', spec.name);
      const data = Float32Array.from({ length: sizeOf(spec.shape) }, () => spec.init(random));
      return [spec.name, { shape: spec.shape, data }];
    }),
  );
}

/** A tensor with its axes reordered: axis i of the result is axis `axes[i]` of the input. */
export function transpose(tensor: Tensor, axes: readonly number[]): Tensor {
  const shape = axes.map((axis) => tensor.shape[axis]!);
  const steps = axes.map((axis) => sizeOf(tensor.shape.slice(axis + 1)));
  const data = new Float32Array(tensor.data.length);
  const at = new Array<number>(axes.length).fill(0);
  for (let i = 0, from = 0; i < data.length; i++) {
    data[i] = tensor.data[from]!;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++at[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      at[axis] = 0;
    }
  }
  return { shape, data };
}

/** The axes that undo `axes`. */
export const inverseAxes = (axes: readonly number[]): number[] => axes.map((_, i) => axes.indexOf(i));
