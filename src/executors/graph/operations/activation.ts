/** ReLU and ReLU6. Their gradients need the output only. */
import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';

export function activation(g: GraphWriter, x: Node, kind: 'relu' | 'relu6'): Node {
  const op = kind === 'relu6' ? 'Relu6' : 'Relu';
  const y = g.op(op, [x]);
  return g.record(y, (dy) => [[x, g.op(`${op}Grad`, [dy, y])]]);
}
