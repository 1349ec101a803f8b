/** Operations on each value by itself: the sum of a residual block's branches, ReLU and ReLU6, dropout. */
import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';
import type { Dropout } from '../../../models/network.ts';

export function add(g: GraphWriter, a: Node, b: Node): Node {
  const y = g.op('AddV2', [a, b]);
  return g.record(y, (dy) => [
    [a, dy],
    [b, dy],
  ]);
}

/** The gradients need the output only. */
export function activation(g: GraphWriter, x: Node, kind: 'relu' | 'relu6'): Node {
  const op = kind === 'relu6' ? 'Relu6' : 'Relu';
  const y = g.op(op, [x]);
  return g.record(y, (dy) => [[x, g.op(`${op}Grad`, [dy, y])]]);
}

/** The placeholder of a layer's mask, [n, channels]. */
export const maskName = (layer: Dropout): string => `mask_${layer.name.replaceAll('.', '_')}`;

/** The mask is fed, so that the seeded generator draws it and a resumed run repeats it. */
export function dropout(g: GraphWriter, x: Node, layer: Dropout): Node {
  const mask = g.placeholder(maskName(layer), [-1, layer.channels]);
  const y = g.op('Mul', [x, mask]);
  return g.record(y, (dy) => [[x, g.op('Mul', [dy, mask])]]);
}
