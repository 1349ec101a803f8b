/**
 * Euler against Runge-Kutta for the Lorenz system, and whether a burn-in is needed. dt = 0.01 either way.
 *   npm run sweep -- experiments/ablation-integrator.ts --results results/reference/ablation-integrator
 */
import type { Sweep } from '../src/sweep/sweep.ts';
import type { AblationConfig } from '../src/sweep/works/ablation.ts';

export default {
  name: 'ablation-integrator',
  question: 'Euler or Runge-Kutta, with or without a burn-in?',
  work: 'ablation',
  base: { source: 'hash', map: 'lorenz', dates: 512, sequences: 20 },
  grid: { integrator: ['euler', 'rk4'], burnIn: [0, 1000] },
  seeds: [1, 2, 3],
  rank: [
    { by: 'nist_passed', better: 'higher' },
    { by: 'encrypt_ms', better: 'lower' },
  ],
} satisfies Sweep<AblationConfig>;
