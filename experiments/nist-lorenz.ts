/**
 * NIST SP 800-22 on a thousand sequences of a million bits of one Lorenz key (preset sound), ten sequences a part.
 *   npm run sweep -- experiments/nist-lorenz.ts --jobs 2           (or --launcher slurm --jobs 64)
 * Cost: about 1 s a sequence and process. result.json has the summary over all sequences: proportions with their
 * intervals, P_T, and the verdict, as one `npm run nist` over all of them would.
 */
import type { Sweep } from '../src/sweep/sweep.ts';
import type { NistConfig } from '../src/sweep/works/nist.ts';

const shards = 100;

export default {
  name: 'nist-lorenz',
  question: 'Are the bits of z_key of the Lorenz system told from random ones over a thousand sequences?',
  work: 'nist',
  base: { map: 'lorenz', preset: 'sound', sequences: 1000, shards },
  grid: { shard: [...Array(shards).keys()] },
  seeds: [1],
} satisfies Sweep<NistConfig>;
