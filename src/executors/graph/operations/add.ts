/** The sum of a residual block's branches. */
import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';

export function add(g: GraphWriter, a: Node, b: Node): Node {
  const y = g.op('AddV2', [a, b]);
  return g.record(y, (dy) => [
    [a, dy],
    [b, dy],
  ]);
}
