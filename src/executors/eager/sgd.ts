/**
 * Stochastic gradient descent with momentum in PyTorch's form: b <- momentum b + g, p <- p - rate b, where
 * g holds the weight decay (Sutskever et al. 2013 put the rate into b instead).
 */
import type { StepUpdate } from './optimizers.ts';

export const sgdStep: StepUpdate = (value, gradient, [buffer], { weightDecay, momentum }, rate) => {
  for (let i = 0; i < value.length; i++) {
    buffer![i] = momentum * buffer![i]! + gradient[i]! + weightDecay * value[i]!;
    value[i]! -= rate * buffer![i]!;
  }
};
