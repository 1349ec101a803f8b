/** Adam (Kingma and Ba 2015) in PyTorch's form, on plain arrays, in place. */
import { adam } from '../executor.ts';

/** One step of one tensor: value, m and v change. `step` counts from 1. */
export function adamStep(
  value: Float32Array,
  gradient: Float32Array,
  m: Float32Array,
  v: Float32Array,
  rate: number,
  step: number,
): void {
  const { beta1, beta2, epsilon } = adam;
  const size = rate / (1 - beta1 ** step);
  const correction = Math.sqrt(1 - beta2 ** step);
  for (let i = 0; i < value.length; i++) {
    const g = gradient[i]!;
    m[i] = beta1 * m[i]! + (1 - beta1) * g;
    v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
    value[i]! -= (size * m[i]!) / (Math.sqrt(v[i]!) / correction + epsilon);
  }
}
