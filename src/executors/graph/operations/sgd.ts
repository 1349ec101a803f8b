/** Stochastic gradient descent with momentum in PyTorch's form, b <- momentum b + g, p <- p - rate b: ResourceApplyMomentum. */

import { attribute } from '../../../engine/proto.ts';
import type { GraphOptimizer } from '../optimizers.ts';
import { withDecay } from './weight-decay.ts';

const plain = { use_locking: attribute.bool(false), use_nesterov: attribute.bool(false) };

export const sgd: GraphOptimizer = {
  updates: (g, gradients, { weightDecay, momentum }) => {
    const rate = g.placeholder('sgd_rate', []);
    const kept = g.constant(momentum);
    return withDecay(g, gradients, weightDecay).map(({ variable, gradient }) => {
      const buffer = g.variable(`sgd.momentum.${variable.name}`, variable.shape).handle;
      return g.op('ResourceApplyMomentum', [variable.handle, buffer, rate, gradient, kept], plain);
    });
  },
  feeds: (rate) => ({ sgd_rate: rate }),
};
