/**
 * Max pooling. Where it is padded explicitly, then by the lowest float, so that it is right for negative inputs
 * too. Of equal values in a window the mirror's first, PyTorch's last, gets the gradient.
 */

import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';
import { attribute } from '../../../engine/proto.ts';
import type { MaxPool } from '../../../models/network.ts';
import { frame, place, unframe } from './window.ts';

const lowest = -3.4028234663852886e38;

/** [n, side, side, c] -> [n, side', side', c]. */
export function maxPool(g: GraphWriter, x: Node, layer: MaxPool, side: number): Node {
  const placed = place(layer, side);
  const attributes = { ...placed.attributes, ksize: attribute.ints([1, layer.size, layer.size, 1]) };
  const framed = frame(g, x, placed, lowest);
  const y = g.op('MaxPool', [framed], attributes);
  return g.record(y, (dy) => {
    const dx = g.op('MaxPoolGrad', [framed, y, dy], attributes);
    return [[x, unframe(g, dx, x, placed)]];
  });
}
