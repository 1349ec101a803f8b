/** Gradient clipping by global norm (Pascanu et al. 2013) in PyTorch's form: g <- g min(1, limit / (|g| + 1e-6)). */
import { clipEpsilon } from '../../models/optimizer.ts';

/** In place. @returns the norm of all gradients together, before */
export function clipGradients(gradients: readonly Float32Array[], limit: number): number {
  const norm = Math.sqrt(gradients.reduce((sum, g) => sum + g.reduce((s, v) => s + v * v, 0), 0));
  const factor = limit / (norm + clipEpsilon);
  if (!(factor >= 1)) for (const g of gradients) for (let i = 0; i < g.length; i++) g[i]! *= factor;
  return norm;
}
