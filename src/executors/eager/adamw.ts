/** AdamW (Loshchilov and Hutter 2019, Algorithm 2, in PyTorch's form): p <- p (1 - rate decay), then Adam. */
import { adamStep } from './adam.ts';
import type { StepUpdate } from './optimizers.ts';

export const adamwStep: StepUpdate = (value, gradient, slots, options, rate, step) => {
  const kept = 1 - rate * options.weightDecay;
  for (let i = 0; i < value.length; i++) value[i]! *= kept;
  adamStep(value, gradient, slots, { ...options, weightDecay: 0 }, rate, step);
};
