/**
 * Which r may a network answer? The paper's (3.57, 4] holds periodic windows, a tenth of it; (3.99, 4] few; `window-free`
 * moves an r out of its window. No network: `hash` draws r evenly, as a network that has learned the calendar does.
 *   npm run sweep -- experiments/ablation-range.ts --results results/reference/ablation-range
 */
import type { Sweep } from '../src/sweep/sweep.ts';
import type { AblationConfig } from '../src/sweep/works/ablation.ts';

export default {
  name: 'ablation-range',
  question: "Which range of r for the logistic map: the paper's, a high one, or the paper's without windows?",
  work: 'ablation',
  base: { source: 'hash', map: 'logistic', dates: 512, sequences: 60 },
  grid: { range: ['paper', 'high', 'window-free'], preset: ['paper', 'sound'] },
  seeds: [1, 2, 3, 4, 5],
  rank: [
    { by: 'nist_passed', better: 'higher' },
    { by: 'weak_share', better: 'lower' },
  ],
} satisfies Sweep<AblationConfig>;
