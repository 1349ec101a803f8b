/** Walks a network's layers and writes each one's operation. */

import type { GraphWriter, Node } from '../../engine/graph-writer.ts';
import { type Layer, sideAfter } from '../../models/network.ts';
import { batchNorm, batchNormInference } from './operations/batch-norm.ts';
import { conv } from './operations/conv.ts';
import { depthwise } from './operations/depthwise.ts';
import { activation, add, dropout } from './operations/elementwise.ts';
import { globalPool } from './operations/global-pool.ts';
import { linear } from './operations/linear.ts';
import { maxPool } from './operations/max-pool.ts';
import { winograd, winogradPays } from './operations/winograd.ts';

export interface Mode {
  /** Batch statistics and dropout; otherwise running statistics and none. */
  readonly training: boolean;
  /** The network's input, for which no gradient is written. */
  readonly input: Node;
  /** Minimal filtering where it pays: on a processor. */
  readonly winograd: boolean;
}

/** @param side of the images x, which are mirrored (`mirror.ts`) */
export function forward(g: GraphWriter, x: Node, layers: readonly Layer[], mode: Mode, side: number): Node {
  let at = { node: x, side };
  for (const layer of layers)
    at = { node: step(g, at.node, layer, mode, at.side), side: sideAfter(layer, at.side) };
  return at.node;
}

function step(g: GraphWriter, x: Node, layer: Layer, mode: Mode, side: number): Node {
  switch (layer.kind) {
    case 'conv':
      if (mode.winograd && winogradPays(layer, side)) return winograd(g, x, layer, side);
      return conv(g, x, layer, side, x === mode.input);
    case 'depthwise':
      return depthwise(g, x, layer, side);
    case 'batchNorm':
      return mode.training ? batchNorm(g, x, layer) : batchNormInference(g, x, layer);
    case 'relu':
    case 'relu6':
      return activation(g, x, layer.kind);
    case 'maxPool':
      return maxPool(g, x, layer, side);
    case 'globalPool':
      return globalPool(g, x);
    case 'dropout':
      return mode.training ? dropout(g, x, layer) : x;
    case 'linear':
      return linear(g, x, layer);
    case 'residual':
      return add(g, forward(g, x, layer.main, mode, side), forward(g, x, layer.shortcut, mode, side));
  }
}
