/** Adam (Kingma and Ba 2015) in PyTorch's form, on plain arrays, in place. */
import { adam } from '../../models/optimizer.ts';
import type { StepUpdate } from './optimizers.ts';

/** Weight decay joins the gradient, as in PyTorch's `Adam(weight_decay)`. */
export const adamStep: StepUpdate = (value, gradient, [m, v], { weightDecay }, rate, step) => {
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
