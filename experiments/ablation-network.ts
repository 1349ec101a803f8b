/**
 * Does the network matter? The same scheme with a trained network, an untrained one (as its seed made it), a network
 * without error in float64, SHA-256 of the date in its place, and one fixed key.
 *   npm run sweep -- experiments/ablation-network.ts --results results/reference/ablation-network
 */
import type { Sweep } from '../src/sweep/sweep.ts';
import type { AblationConfig } from '../src/sweep/works/ablation.ts';

export default {
  name: 'ablation-network',
  question:
    'Does the network matter: trained, untrained, without error, a plain hash in its place, one fixed key?',
  work: 'ablation',
  base: { net: 'mobilenetv2', pairs: 2048, valPairs: 256, epochs: 3, dates: 512, sequences: 8 },
  grid: { source: ['exact', 'hash', 'constant', 'untrained', 'trained'] },
  seeds: [1, 2, 3],
  rank: [
    { by: 'keys_seconds', better: 'higher' },
    { by: 'attack_share', better: 'lower' },
  ],
} satisfies Sweep<AblationConfig>;
