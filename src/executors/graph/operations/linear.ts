/** Fully connected layer: y = x W + b. */

import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';
import { attribute } from '../../../engine/proto.ts';
import type { Linear } from '../../../models/network.ts';

export function matMul(g: GraphWriter, a: Node, b: Node, transposeA = false, transposeB = false): Node {
  return g.op('MatMul', [a, b], {
    transpose_a: attribute.bool(transposeA),
    transpose_b: attribute.bool(transposeB),
  });
}

export function linear(g: GraphWriter, x: Node, layer: Linear): Node {
  const weight = g.variable(`${layer.name}.weight`, [layer.in, layer.out]).value;
  const bias = g.variable(`${layer.name}.bias`, [layer.out]).value;
  const y = g.op('BiasAdd', [matMul(g, x, weight), bias]);
  return g.record(y, (dy) => [
    [x, matMul(g, dy, weight, false, true)],
    [weight, matMul(g, x, dy, true)],
    [bias, g.op('BiasAddGrad', [dy])],
  ]);
}
