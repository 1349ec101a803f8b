/** Mean squared error of sigmoid outputs: mean((sigmoid(logits) - y)^2) over batch and outputs. */

import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';
import { attribute } from '../../../engine/proto.ts';

const int32 = attribute.type('int32');

/** Returns the loss (a scalar) and its gradient with respect to the logits. */
export function sigmoidMse(g: GraphWriter, logits: Node, y: Node): { loss: Node; gradient: Node } {
  const s = g.op('Sigmoid', [logits]);
  const error = g.op('Sub', [s, y]);
  const mean = { Tidx: int32, keep_dims: attribute.bool(false) };
  const loss = g.op('Mean', [g.op('Square', [error]), g.ints(0, 1)], mean);
  const count = g.node('Size', [error], { T: attribute.type('float'), out_type: int32 });
  const n = g.node('Cast', [count], { SrcT: int32, DstT: attribute.type('float') });
  const dError = g.op('RealDiv', [g.op('Mul', [error, g.constant(2)]), n]);
  return { loss, gradient: g.op('SigmoidGrad', [s, dError]) };
}
