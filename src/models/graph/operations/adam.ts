/**
 * Adam (Kingma and Ba 2015) in PyTorch's form. TensorFlow's op divides by sqrt(v) + epsilon before the bias
 * correction, PyTorch after it; feeding rate sqrt(1 - b2^t) / (1 - b1^t) and epsilon sqrt(1 - b2^t) makes
 * them one.
 */
import { adam } from '../../executor.ts';
import { attribute } from '../proto.ts';
import type { GraphWriter, Node, Variable } from '../writer.ts';

/** Placeholders of the step's corrected rate and epsilon. */
export const adamFeeds = { rate: 'adam_rate', epsilon: 'adam_epsilon' } as const;

export function adamFeedValues(rate: number, step: number): { rate: number; epsilon: number } {
  const correction = Math.sqrt(1 - adam.beta2 ** step);
  return { rate: (rate * correction) / (1 - adam.beta1 ** step), epsilon: adam.epsilon * correction };
}

/** Updates of all variables that have a gradient; moments are variables `adam.m.*` and `adam.v.*`. */
export function adamUpdates(
  g: GraphWriter,
  variables: Variable[],
  gradientOf: (v: Variable) => Node,
): Node[] {
  const rate = g.placeholder(adamFeeds.rate, []);
  const epsilon = g.placeholder(adamFeeds.epsilon, []);
  const zero = g.constant(0); // beta powers of 0: the correction is in the rate already
  const betas = [g.constant(adam.beta1), g.constant(adam.beta2)];
  return variables.map((variable) => {
    const m = g.variable(`adam.m.${variable.name}`, variable.shape).handle;
    const v = g.variable(`adam.v.${variable.name}`, variable.shape).handle;
    const inputs = [variable.handle, m, v, zero, zero, rate, ...betas, epsilon, gradientOf(variable)];
    return g.float('ResourceApplyAdam', inputs, { use_locking: attribute.bool(false) });
  });
}
