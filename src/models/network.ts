/**
 * A network is data: a list of layers under torchvision's names, read by several executors. All
 * convolutions are without bias and padded as PyTorch pads (the same on each side).
 */

export type Layer =
  | Conv
  | Depthwise
  | BatchNorm
  | Activation
  | MaxPool
  | GlobalPool
  | Dropout
  | Linear
  | Residual;

/** Dense convolution, [n, h, w, in] -> [n, h', w', out], kernel size x size. */
export interface Conv {
  readonly kind: 'conv';
  readonly name: string;
  readonly in: number;
  readonly out: number;
  readonly size: number;
  readonly stride: number;
  readonly pad: number;
}

/** One kernel a channel (PyTorch's groups = channels). */
export interface Depthwise {
  readonly kind: 'depthwise';
  readonly name: string;
  readonly channels: number;
  readonly size: number;
  readonly stride: number;
  readonly pad: number;
}

/** Epsilon 1e-5, momentum 0.1 (PyTorch's sense): running = 0.9 running + 0.1 batch. */
export interface BatchNorm {
  readonly kind: 'batchNorm';
  readonly name: string;
  readonly channels: number;
}

export interface Activation {
  readonly kind: 'relu' | 'relu6';
}

export interface MaxPool {
  readonly kind: 'maxPool';
  readonly size: number;
  readonly stride: number;
  readonly pad: number;
}

/** Mean over height and width, [n, h, w, c] -> [n, c]. */
export interface GlobalPool {
  readonly kind: 'globalPool';
}

/** On [n, channels]; scaled by 1 / (1 - rate) while training, nothing otherwise. */
export interface Dropout {
  readonly kind: 'dropout';
  readonly name: string;
  readonly channels: number;
  readonly rate: number;
}

/** [n, in] -> [n, out], with bias. */
export interface Linear {
  readonly kind: 'linear';
  readonly name: string;
  readonly in: number;
  readonly out: number;
  /** PyTorch's default, or torchvision's normal(0, 0.01) with zero bias. */
  readonly init: 'uniform' | 'normal';
}

/** The sum of two branches of the same input; an empty shortcut is the input itself. */
export interface Residual {
  readonly kind: 'residual';
  readonly main: readonly Layer[];
  readonly shortcut: readonly Layer[];
}

export interface Network {
  readonly name: string;
  /** Input channels are 3; height and width are free from 32 up. Outputs are logits. */
  readonly layers: readonly Layer[];
  readonly outputs: number;
  /** Name prefix of the head. All other tensors form the backbone. */
  readonly head: string;
  /** Another library's name of a tensor in torchvision's, for weights from elsewhere. */
  readonly rename?: (name: string) => string;
}

/** A square window that moves over height and width: a convolution's or a pooling's. */
export type Window = Pick<MaxPool, 'size' | 'stride' | 'pad'>;

/** Output side of a window over `side` rows or columns, rounded down, as in PyTorch. */
export const windows = ({ size, stride, pad }: Window, side: number): number =>
  Math.floor((side + 2 * pad - size) / stride) + 1;

/** Side of a layer's output, of an input of `side` x `side`. */
export function sideAfter(layer: Layer, side: number): number {
  switch (layer.kind) {
    case 'conv':
    case 'depthwise':
    case 'maxPool':
      return windows(layer, side);
    case 'residual':
      return layer.main.reduce((at, inner) => sideAfter(inner, at), side);
    default:
      return side;
  }
}

/** torchvision's batch norm. */
export const batchNormEpsilon = 1e-5;
export const batchNormMomentum = 0.1;

/** The network with another rate in all its dropout layers, if it has any; 0 trains without. */
export function withDropout(network: Network, rate: number): Network {
  const within = (layers: readonly Layer[]): Layer[] =>
    layers.map((layer) => {
      if (layer.kind === 'dropout') return { ...layer, rate };
      if (layer.kind !== 'residual') return layer;
      return { ...layer, main: within(layer.main), shortcut: within(layer.shortcut) };
    });
  return { ...network, layers: within(network.layers) };
}

/** All layers in order of execution, residual branches opened: main before shortcut. */
export function flatten(layers: readonly Layer[]): Exclude<Layer, Residual>[] {
  return layers.flatMap((layer) =>
    layer.kind === 'residual' ? [...flatten(layer.main), ...flatten(layer.shortcut)] : [layer],
  );
}
