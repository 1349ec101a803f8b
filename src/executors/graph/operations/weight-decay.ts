/** Weight decay as a term of the gradient (L2 regularisation): g + decay p, as PyTorch's Adam and SGD add it. */

import type { GraphWriter } from '../../../engine/graph-writer.ts';
import type { Gradient } from '../optimizers.ts';

export function withDecay(
  g: GraphWriter,
  gradients: readonly Gradient[],
  decay: number,
): readonly Gradient[] {
  if (decay === 0) return gradients;
  const factor = g.constant(decay);
  return gradients.map(({ variable, gradient }) => ({
    variable,
    gradient: g.op('AddV2', [gradient, g.op('Mul', [variable.value, factor])]),
  }));
}
