/**
 * AdamW (Loshchilov and Hutter 2019, Algorithm 2, in PyTorch's form): p <- p - rate decay p, then Adam. Both
 * change the same variable, so the order is fixed by a control edge: floating-point sums depend on it.
 */

import { attribute } from '../../../engine/proto.ts';
import type { GraphOptimizer } from '../optimizers.ts';
import { adam, applyAdam } from './adam.ts';

export const adamw: GraphOptimizer = {
  updates: (g, gradients, { weightDecay }) => {
    if (weightDecay === 0) return applyAdam(g, gradients);
    const share = g.placeholder('adamw_decay', []);
    const decays = gradients.map(({ variable, gradient }) => {
      const part = g.op('Mul', [variable.value, share]);
      const ready = `^${gradient.split(':')[0]}`; // earlier, the variable is still being read, and would be copied
      return g.node('AssignSubVariableOp', [variable.handle, part, ready], {
        dtype: attribute.type('float'),
      });
    });
    return applyAdam(g, gradients, decays);
  },
  feeds: (rate, step, options) => {
    const feeds = adam.feeds(rate, step, options);
    return options.weightDecay === 0 ? feeds : { ...feeds, adamw_decay: rate * options.weightDecay };
  },
};
