/**
 * How should a state become a byte? floor(|v| m) mod 256 for several m (256 takes the leading digits of the logistic map),
 * and the fraction of |v| m.
 *   npm run sweep -- experiments/ablation-quantisers.ts --results results/reference/ablation-quantisers
 */
import type { Sweep } from '../src/sweep/sweep.ts';
import type { AblationConfig } from '../src/sweep/works/ablation.ts';

export default {
  name: 'ablation-quantisers',
  question: 'Which quantiser: floor(|v| m) mod 256 with m from 256 to 1e14, or the fraction of |v| m?',
  work: 'ablation',
  base: { source: 'hash', preset: 'sound', dates: 512, sequences: 60 },
  grid: {
    multiplier: [256, 1e5, 1e9, 1e14],
    quantiser: ['integer', 'fraction'],
    map: ['logistic', 'lorenz'],
  },
  where: ({ quantiser, multiplier }) => quantiser === 'integer' || multiplier === 1e5,
  seeds: [1, 2, 3],
  rank: [{ by: 'nist_passed', better: 'higher' }],
} satisfies Sweep<AblationConfig>;
