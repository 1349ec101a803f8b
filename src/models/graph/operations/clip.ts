/** Gradient clipping by global norm (Pascanu et al. 2013) in PyTorch's form: g min(1, limit / (|g| + 1e-6)). */
import { clipEpsilon } from '../../optimizer.ts';
import type { Gradient } from '../optimizers.ts';
import type { GraphWriter, Node } from '../writer.ts';

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
  const ratio = g.float('RealDiv', [g.constant(limit), g.float('AddV2', [norm, g.constant(clipEpsilon)])]);
  const factor = g.float('Minimum', [ratio, g.constant(1)]);
  return gradients.map(({ variable, gradient }) => ({
    variable,
    gradient: g.float('Mul', [gradient, factor]),
  }));
}

/** L2Loss is half a sum of squares. */
function globalNorm(g: GraphWriter, gradients: readonly Node[]): Node {
  const halves = gradients.map((gradient) => g.float('L2Loss', [gradient]));
  const sum = halves.reduce((a, b) => g.float('AddV2', [a, b])); // one after another: the same bits each time
  return g.float('Sqrt', [g.float('Mul', [sum, g.constant(2)])]);
}
