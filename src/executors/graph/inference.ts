/**
 * The graph executor's inference: batch norms folded, weights as constants, so that TensorFlow's graph
 * optimiser fuses convolution, bias, addition and activation. Batches have a graph of their own where minimal
 * filtering (`operations/winograd.ts`) makes it faster.
 */

import type { Engine } from '../../engine/engine.ts';
import { constantOf, GraphWriter, type Node } from '../../engine/graph-writer.ts';
import {
  type BatchNorm,
  type Conv,
  type Depthwise,
  type Layer,
  type Network,
  sideAfter,
} from '../../models/network.ts';
import type { Tensors } from '../../models/parameters.ts';
import { type Images, type Inference, type Input, type Later, sideOf } from '../executor.ts';
import { foldBatchNorm } from './fold.ts';
import { feedOf, images } from './input.ts';
import { mirrored } from './mirror.ts';
import { convolve } from './operations/conv.ts';
import { convolveDepthwise } from './operations/depthwise.ts';
import { activation } from './operations/elementwise.ts';
import { globalPool } from './operations/global-pool.ts';
import { matMul } from './operations/linear.ts';
import { maxPool } from './operations/max-pool.ts';
import { convolveWinograd, hasWinograd, winogradKernels, winogradPays } from './operations/winograd.ts';
import { GraphSession } from './session.ts';

/** From this batch on minimal filtering is faster: 1.05-1.45 times a layer at batch 4, 0.9-1.05 times at batch 1. */
const manyImages = 4;

export class GraphInference implements Inference {
  readonly #write: (winograd: boolean) => GraphSession;
  readonly #few: GraphSession;
  /** Graph for batches, written on first use; null where both graphs are equal. */
  #many: GraphSession | null | undefined;
  readonly #input: Input;

  constructor(engine: Engine, network: Network, tensors: Tensors, input: Input) {
    this.#write = (winograd) =>
      new GraphSession(engine, writeInferenceGraph(network, tensors, input, winograd));
    this.#few = this.#write(false);
    if (engine.native!.usesCard || !hasWinograd(network, sideOf(input))) this.#many = null;
    this.#input = input;
  }

  /** Small batches run on this thread: a hop to another costs more than it frees. */
  predict(x: Images, count: number): Later<Float32Array> {
    const feeds = { x: feedOf(this.#input, x, count) };
    const session = this.#sessionFor(count);
    if (count < manyImages) return session.run(feeds, ['prediction'])[0]!;
    return session.runAsync(feeds, ['prediction']).then(([outputs]) => outputs!);
  }

  dispose(): void {
    this.#few.dispose();
    this.#many?.dispose();
  }

  #sessionFor(count: number): GraphSession {
    if (count < manyImages) return this.#few;
    if (this.#many === undefined) this.#many = this.#write(true);
    return this.#many ?? this.#few;
  }
}

/** What all layers of a graph share. */
interface Weights {
  readonly tensors: Tensors;
  readonly winograd: boolean;
}

/** Writes `prediction`. @param winograd minimal filtering where it pays */
function writeInferenceGraph(
  network: Network,
  tensors: Tensors,
  input: Input,
  winograd: boolean,
): GraphWriter {
  const g = new GraphWriter();
  const logits = walk(g, images(g, input), network.layers, { tensors, winograd }, sideOf(input));
  g.op('Sigmoid', [logits], {}, 'prediction');
  return g;
}

function walk(g: GraphWriter, x: Node, layers: readonly Layer[], weights: Weights, from: number): Node {
  let at = x;
  let side = from;
  for (let i = 0; i < layers.length; i++) {
    const layer = layers[i]!;
    const next = layers[i + 1];
    if (layer.kind === 'conv' || layer.kind === 'depthwise') {
      at = folded(g, at, layer, side, next as BatchNorm, weights);
      i++; // its batch norm went with it
    } else at = step(g, at, layer, weights, side);
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
  { tensors, winograd }: Weights,
): Node {
  const { weight, bias } = foldBatchNorm(tensors, layer, norm);
  const kernel = mirrored(weight);
  if (winograd && layer.kind === 'conv' && winogradPays(layer, side)) {
    const kernels = winogradKernels(kernel).map(({ data, shape }) => g.constant(data, shape));
    return convolveWinograd(g, x, layer, side, kernels, g.constant(bias)).y;
  }
  const constant = g.constant(kernel.data, kernel.shape);
  const { y } =
    layer.kind === 'conv'
      ? convolve(g, x, layer, side, constant)
      : convolveDepthwise(g, x, layer, side, constant);
  return g.op('BiasAdd', [y, g.constant(bias)]);
}

function step(g: GraphWriter, x: Node, layer: Layer, weights: Weights, side: number): Node {
  switch (layer.kind) {
    case 'relu':
    case 'relu6':
      return activation(g, x, layer.kind);
    case 'maxPool':
      return maxPool(g, x, layer, side);
    case 'globalPool':
      return globalPool(g, x);
    case 'linear': {
      const y = matMul(g, x, constantOf(g, weights.tensors, `${layer.name}.weight`));
      return g.op('BiasAdd', [y, constantOf(g, weights.tensors, `${layer.name}.bias`)]);
    }
    case 'residual':
      return g.op('AddV2', [
        walk(g, x, layer.main, weights, side),
        walk(g, x, layer.shortcut, weights, side),
      ]);
    default:
      return x; // dropout; a batch norm is folded into the convolution before it
  }
}
