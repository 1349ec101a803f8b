/** The optimisers and gradient clipping on plain arrays, in place, in PyTorch's form. */
import { adam, clipEpsilon, type OptimizerConfig, type OptimizerName } from '../../models/optimizer.ts';

/** One step of one tensor: `value` and `slots` (in the order of `slotsOf`) change. `step` counts from 1. */
export type StepUpdate = (
  value: Float32Array,
  gradient: Float32Array,
  slots: readonly Float32Array[],
  options: OptimizerConfig,
  rate: number,
  step: number,
) => void;

/** Adam (Kingma and Ba 2015). Weight decay joins the gradient, as in PyTorch's `Adam(weight_decay)`. */
const adamStep: StepUpdate = (value, gradient, [m, v], { weightDecay }, rate, step) => {
  const { beta1, beta2, epsilon } = adam;
  const size = rate / (1 - beta1 ** step);
  const correction = Math.sqrt(1 - beta2 ** step);
  for (let i = 0; i < value.length; i++) {
    const g = gradient[i]! + weightDecay * value[i]!;
    m![i] = beta1 * m![i]! + (1 - beta1) * g;
    v![i] = beta2 * v![i]! + (1 - beta2) * g * g;
    value[i]! -= (size * m![i]!) / (Math.sqrt(v![i]!) / correction + epsilon);
  }
};

/** AdamW (Loshchilov and Hutter 2019, Algorithm 2): p <- p (1 - rate decay), then Adam. */
const adamwStep: StepUpdate = (value, gradient, slots, options, rate, step) => {
  const kept = 1 - rate * options.weightDecay;
  for (let i = 0; i < value.length; i++) value[i]! *= kept;
  adamStep(value, gradient, slots, { ...options, weightDecay: 0 }, rate, step);
};

/**
 * Stochastic gradient descent with momentum: b <- momentum b + g, p <- p - rate b, where g holds the weight decay
 * (Sutskever et al. 2013 put the rate into b instead).
 */
const sgdStep: StepUpdate = (value, gradient, [buffer], { weightDecay, momentum }, rate) => {
  for (let i = 0; i < value.length; i++) {
    buffer![i] = momentum * buffer![i]! + gradient[i]! + weightDecay * value[i]!;
    value[i]! -= rate * buffer![i]!;
  }
};

export const stepUpdates: Readonly<Record<OptimizerName, StepUpdate>> = {
  adam: adamStep,
  adamw: adamwStep,
  sgd: sgdStep,
};

/**
 * Clipping by global norm (Pascanu et al. 2013): g <- g min(1, limit / (|g| + 1e-6)).
 * @returns the norm of all gradients together, before
 */
export function clipGradients(gradients: readonly Float32Array[], limit: number): number {
  const norm = Math.sqrt(gradients.reduce((sum, g) => sum + g.reduce((s, v) => s + v * v, 0), 0));
  const factor = limit / (norm + clipEpsilon);
  if (!(factor >= 1)) for (const g of gradients) for (let i = 0; i < g.length; i++) g[i]! *= factor;
  return norm;
}
