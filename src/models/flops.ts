/**
 * Floating-point operations of a network: two (a multiplication and an addition) for each weight and place of
 * its convolutions and linear layers. Batch norms, activations and pooling, a few per cent, are not counted, and
 * minimal filtering, which needs fewer, counts as a full convolution.
 */
import { type Layer, type Network, sideAfter } from './network.ts';

/** Of one image of size x size, forward. */
export const forwardFlops = (network: Network, size: number): number => total(network.layers, size);

/**
 * Of one image in a training step: backward, each layer costs its forward twice (its weights' gradient and its
 * input's), but the first, whose input needs none.
 */
export function trainingFlops(network: Network, size: number): number {
  return 3 * forwardFlops(network, size) - flops(network.layers[0]!, size);
}

function total(layers: readonly Layer[], size: number): number {
  let [sum, side] = [0, size];
  for (const layer of layers) {
    sum += flops(layer, side);
    side = sideAfter(layer, side);
  }
  return sum;
}

function flops(layer: Layer, side: number): number {
  const places = sideAfter(layer, side) ** 2;
  switch (layer.kind) {
    case 'conv':
      return 2 * places * layer.size ** 2 * layer.in * layer.out;
    case 'depthwise':
      return 2 * places * layer.size ** 2 * layer.channels;
    case 'linear':
      return 2 * layer.in * layer.out;
    case 'residual':
      return total(layer.main, side) + total(layer.shortcut, side);
    default:
      return 0;
  }
}
