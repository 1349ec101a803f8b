/**
 * Adam (Kingma and Ba 2015) in PyTorch's form: ResourceApplyAdam. TensorFlow's op divides by sqrt(v) + epsilon
 * before the bias correction, PyTorch after it; feeding rate sqrt(1 - b2^t) / (1 - b1^t) and epsilon
 * sqrt(1 - b2^t) makes them one.
 */

import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';
import { attribute } from '../../../engine/proto.ts';
import { adam as constants } from '../../../models/optimizer.ts';
import type { Gradient, GraphOptimizer } from '../optimizers.ts';
import { withDecay } from './weight-decay.ts';

export const adam: GraphOptimizer = {
  updates: (g, gradients, { weightDecay }) => applyAdam(g, withDecay(g, gradients, weightDecay)),
  feeds: (rate, step) => {
    const correction = Math.sqrt(1 - constants.beta2 ** step);
    return {
      adam_rate: (rate * correction) / (1 - constants.beta1 ** step),
      adam_epsilon: constants.epsilon * correction,
    };
  },
};

/** @param first a node of each parameter that must run before its update */
export function applyAdam(
  g: GraphWriter,
  gradients: readonly Gradient[],
  first: readonly Node[] = [],
): Node[] {
  const rate = g.placeholder('adam_rate', []);
  const epsilon = g.placeholder('adam_epsilon', []);
  const zero = g.constant(0); // beta powers of 0: the correction is in the rate already
  const betas = [g.constant(constants.beta1), g.constant(constants.beta2)];
  return gradients.map(({ variable, gradient }, i) => {
    const m = g.variable(`adam.m.${variable.name}`, variable.shape).handle;
    const v = g.variable(`adam.v.${variable.name}`, variable.shape).handle;
    const inputs = [variable.handle, m, v, zero, zero, rate, ...betas, epsilon, gradient];
    const before = first[i] === undefined ? [] : [`^${first[i]}`];
    return g.op('ResourceApplyAdam', [...inputs, ...before], { use_locking: attribute.bool(false) });
  });
}
