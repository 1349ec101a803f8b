/** What logits become, and the loss of it over a batch. */

import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';
import { attribute } from '../../../engine/proto.ts';
import type { Loss } from '../../executor.ts';

const int32 = attribute.type('int32');
const float = attribute.type('float');

interface Written {
  /** A scalar. */
  readonly loss: Node;
  /** Of the loss with respect to the logits. */
  readonly gradient: Node;
}

interface GraphLoss {
  readonly write: (g: GraphWriter, logits: Node, y: Node) => Written;
  /** The operation that makes the outputs. */
  readonly output: string;
}

const mean = (g: GraphWriter, values: Node, axes: Node): Node =>
  g.op('Mean', [values, axes], { Tidx: int32, keep_dims: attribute.bool(false) });

/** How many values a node has, as a float. */
function sizeOf(g: GraphWriter, node: Node): Node {
  const count = g.node('Size', [node], { T: float, out_type: int32 });
  return g.node('Cast', [count], { SrcT: int32, DstT: float });
}

/** Mean of the squared error, and its gradient with respect to the outputs. */
function squaredError(g: GraphWriter, outputs: Node, y: Node): Written {
  const error = g.op('Sub', [outputs, y]);
  const loss = mean(g, g.op('Square', [error]), g.ints(0, 1));
  const gradient = g.op('RealDiv', [g.op('Mul', [error, g.constant(2)]), sizeOf(g, error)]);
  return { loss, gradient };
}

/** mean((sigmoid(logits) - y)^2). */
function sigmoidMse(g: GraphWriter, logits: Node, y: Node): Written {
  const s = g.op('Sigmoid', [logits]);
  const { loss, gradient } = squaredError(g, s, y);
  return { loss, gradient: g.op('SigmoidGrad', [s, gradient]) };
}

/** -sum(y log softmax(logits)), averaged over the batch. */
function crossEntropy(g: GraphWriter, logits: Node, y: Node): Written {
  const each = g.node('SoftmaxCrossEntropyWithLogits', [logits, y], { T: float });
  return { loss: mean(g, each, g.ints(0)), gradient: g.op('RealDiv', [`${each}:1`, sizeOf(g, each)]) };
}

export const graphLosses: Readonly<Record<Loss, GraphLoss>> = {
  sigmoid: { write: sigmoidMse, output: 'Sigmoid' },
  linear: { write: squaredError, output: 'Identity' },
  softmax: { write: crossEntropy, output: 'Softmax' },
};
