/**
 * The graph executor's inference: batch norms folded, weights as constants, so that TensorFlow's graph
 * optimiser fuses convolution, bias, addition and activation.
 */
import type { Engine } from '../engine/index.ts';
import type { Inference } from '../executor.ts';
import {
  type BatchNorm,
  type Conv,
  type Depthwise,
  type Layer,
  type Network,
  sideAfter,
} from '../network.ts';
import type { Tensors } from '../parameters.ts';
import { foldBatchNorm } from './fold.ts';
import { mirror, mirrored } from './mirror.ts';
import { activation } from './operations/activation.ts';
import { convolve } from './operations/conv.ts';
import { convolveDepthwise } from './operations/depthwise.ts';
import { globalPool } from './operations/global-pool.ts';
import { matMul } from './operations/linear.ts';
import { maxPool } from './operations/max-pool.ts';
import { GraphSession } from './session.ts';
import { constantOf, GraphWriter, type Node } from './writer.ts';

export class GraphInference implements Inference {
  readonly #session: GraphSession;
  readonly #size: number;

  /** @param size side of the input images */
  constructor(engine: Engine, network: Network, tensors: Tensors, size: number) {
    const g = new GraphWriter();
    const x = mirror(g, g.placeholder('x', [-1, size, size, 3]));
    g.float('Sigmoid', [walk(g, x, network.layers, tensors, size)], {}, 'prediction');
    this.#session = new GraphSession(engine, g);
    this.#size = size;
  }

  predict(x: Float32Array, count: number): Float32Array {
    const shape = [count, this.#size, this.#size, 3];
    return this.#session.run({ x: { data: x, shape } }, ['prediction'])[0]!;
  }

  dispose(): void {
    this.#session.dispose();
  }
}

function walk(g: GraphWriter, x: Node, layers: readonly Layer[], tensors: Tensors, from: number): Node {
  let at = x;
  let side = from;
  for (let i = 0; i < layers.length; i++) {
    const layer = layers[i]!;
    const next = layers[i + 1];
    if (layer.kind === 'conv' || layer.kind === 'depthwise') {
      at = folded(g, at, layer, side, next as BatchNorm, tensors);
      i++; // its batch norm went with it
    } else at = step(g, at, layer, tensors, side);
    side = sideAfter(layer, side);
  }
  return at;
}

function folded(
  g: GraphWriter,
  x: Node,
  layer: Conv | Depthwise,
  side: number,
  norm: BatchNorm,
  tensors: Tensors,
): Node {
  const { weight, bias } = foldBatchNorm(tensors, layer, norm);
  const kernel = g.constant(mirrored(weight).data, weight.shape);
  const { y } =
    layer.kind === 'conv'
      ? convolve(g, x, layer, side, kernel)
      : convolveDepthwise(g, x, layer, side, kernel);
  return g.float('BiasAdd', [y, g.constant(bias)]);
}

function step(g: GraphWriter, x: Node, layer: Layer, tensors: Tensors, side: number): Node {
  switch (layer.kind) {
    case 'relu':
    case 'relu6':
      return activation(g, x, layer.kind);
    case 'maxPool':
      return maxPool(g, x, layer, side);
    case 'globalPool':
      return globalPool(g, x);
    case 'linear': {
      const y = matMul(g, x, constantOf(g, tensors, `${layer.name}.weight`));
      return g.float('BiasAdd', [y, constantOf(g, tensors, `${layer.name}.bias`)]);
    }
    case 'residual':
      return g.float('AddV2', [
        walk(g, x, layer.main, tensors, side),
        walk(g, x, layer.shortcut, tensors, side),
      ]);
    default:
      return x; // dropout; a batch norm is folded into the convolution before it
  }
}
