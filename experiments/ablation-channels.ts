/**
 * One key plane for all channels, as in the public ancestor of the paper, against one sample each. `channel_z` is the
 * chi-square of first channel xor second: with one plane the key cancels and the picture shows.
 *   npm run sweep -- experiments/ablation-channels.ts --results results/reference/ablation-channels
 */
import type { Sweep } from '../src/sweep/sweep.ts';
import type { AblationConfig } from '../src/sweep/works/ablation.ts';

export default {
  name: 'ablation-channels',
  question: 'One key for all channels, or one each?',
  work: 'ablation',
  base: { source: 'hash', preset: 'sound', dates: 512, sequences: 20 },
  grid: { colour: ['samples', 'plane'], map: ['logistic', 'lorenz'] },
  seeds: [1, 2, 3],
  rank: [
    { by: 'channel_z', better: 'lower' },
    { by: 'nist_passed', better: 'higher' },
  ],
} satisfies Sweep<AblationConfig>;
