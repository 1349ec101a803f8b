/** Memory of a training step's activations, which the backward pass reads again. */
import { type Layer, type Network, sideAfter } from '../models/network.ts';

interface Shape {
  readonly side: number;
  readonly channels: number;
}

/**
 * Bytes of one image of size x size in float32: the output of every layer. Measured peaks at 224x224, batch 32, lie
 * within 20 % of 32 times this and four copies of the weights (MobileNetV2 2.8 GB).
 */
export const activationBytes = (network: Network, size: number): number =>
  4 * total(network.layers, { side: size, channels: 3 }).floats;

function total(layers: readonly Layer[], from: Shape): { floats: number; shape: Shape } {
  let floats = 0;
  let shape = from;
  for (const layer of layers) {
    const next = after(layer, shape);
    if (layer.kind === 'residual')
      floats += total(layer.main, shape).floats + total(layer.shortcut, shape).floats;
    floats += next.channels * next.side ** 2;
    shape = next;
  }
  return { floats, shape };
}

function after(layer: Layer, shape: Shape): Shape {
  if (layer.kind === 'residual') return total(layer.main, shape).shape;
  const side = sideAfter(layer, shape.side);
  const channels =
    layer.kind === 'conv' || layer.kind === 'linear'
      ? layer.out
      : layer.kind === 'depthwise'
        ? layer.channels
        : shape.channels;
  return { side, channels };
}

/** The largest power of two of images, below `count`, whose activations fit into so many bytes, beside the weights'. */
export function batchThatFits(network: Network, size: number, count: number, free: number): number {
  const most = Math.min(free / (1.25 * activationBytes(network, size)), count / 2);
  return most < 1 ? 0 : 2 ** Math.floor(Math.log2(most));
}
