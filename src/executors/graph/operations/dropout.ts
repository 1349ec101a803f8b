/** Dropout by a mask that is fed, so that the seeded generator draws it and a resumed run repeats it. */

import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';
import type { Dropout } from '../../../models/network.ts';

/** The placeholder of a layer's mask, [n, channels]. */
export const maskName = (layer: Dropout): string => `mask_${layer.name.replaceAll('.', '_')}`;

export function dropout(g: GraphWriter, x: Node, layer: Dropout): Node {
  const mask = g.placeholder(maskName(layer), [-1, layer.channels]);
  const y = g.op('Mul', [x, mask]);
  return g.record(y, (dy) => [[x, g.op('Mul', [dy, mask])]]);
}
