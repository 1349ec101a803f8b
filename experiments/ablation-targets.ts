/**
 * What should the network learn? `hash` and `random` cannot be learned: what such a network answers is what it makes of
 * dates that it has not seen.
 *   npm run sweep -- experiments/ablation-targets.ts --results results/reference/ablation-targets
 */
import type { Sweep } from '../src/sweep/sweep.ts';
import type { AblationConfig } from '../src/sweep/works/ablation.ts';

export default {
  name: 'ablation-targets',
  question: 'Which target: the position in the calendar, a hash of the date, or random values?',
  work: 'ablation',
  base: {
    source: 'trained',
    map: 'lorenz',
    net: 'mobilenetv2',
    pairs: 2048,
    valPairs: 256,
    epochs: 3,
    dates: 512,
    sequences: 8,
  },
  grid: { target: ['calendar', 'hash', 'random'] },
  seeds: [1, 2, 3],
  rank: [
    { by: 'r2', better: 'higher' },
    { by: 'keys_seconds', better: 'higher' },
  ],
} satisfies Sweep<AblationConfig>;
