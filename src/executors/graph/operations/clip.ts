/** Gradient clipping by global norm (Pascanu et al. 2013) in PyTorch's form: g min(1, limit / (|g| + 1e-6)). */

import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';
import { clipEpsilon } from '../../../models/optimizer.ts';
import type { Gradient } from '../optimizers.ts';

/** @param limit null leaves the gradients as they are */
export function clipped(
  g: GraphWriter,
  gradients: readonly Gradient[],
  limit: number | null,
): readonly Gradient[] {
  if (limit === null) return gradients;
  const norm = globalNorm(
    g,
    gradients.map(({ gradient }) => gradient),
  );
  const ratio = g.op('RealDiv', [g.constant(limit), g.op('AddV2', [norm, g.constant(clipEpsilon)])]);
  const factor = g.op('Minimum', [ratio, g.constant(1)]);
  return gradients.map(({ variable, gradient }) => ({
    variable,
    gradient: g.op('Mul', [gradient, factor]),
  }));
}

/** L2Loss is half a sum of squares. */
function globalNorm(g: GraphWriter, gradients: readonly Node[]): Node {
  const halves = gradients.map((gradient) => g.op('L2Loss', [gradient]));
  const sum = halves.reduce((a, b) => g.op('AddV2', [a, b])); // one after another: the same bits each time
  return g.op('Sqrt', [g.op('Mul', [sum, g.constant(2)])]);
}
