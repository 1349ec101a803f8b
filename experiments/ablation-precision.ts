/**
 * float64 against float32 orbits, as a graphics card or a careless port would compute them. In float32 the logistic map
 * runs into cycles of some thousand steps (src/chaos/cycle.ts), so that the key repeats within one picture.
 *   npm run sweep -- experiments/ablation-precision.ts --results results/reference/ablation-precision
 */
import type { Sweep } from '../src/sweep/sweep.ts';
import type { AblationConfig } from '../src/sweep/works/ablation.ts';

export default {
  name: 'ablation-precision',
  question: 'float64 or float32 orbits?',
  work: 'ablation',
  base: { source: 'hash', range: 'paper', dates: 512, sequences: 20 },
  grid: { precision: ['float64', 'float32'], map: ['logistic', 'lorenz'] },
  seeds: [1, 2, 3],
  rank: [
    { by: 'key_fresh', better: 'higher' },
    { by: 'nist_passed', better: 'higher' },
  ],
} satisfies Sweep<AblationConfig>;
