/**
 * Brute force of the second that an image was taken in, over a year, a day a part: the attacker has the cipher image and
 * the public network. A victim to try it on, whose network is that of the README:
 *   npm run train -- experiments/learn-calendar.ts --net resnet18
 *   npm run encrypt -- samples/00001368_000.png --scheme paper --date 2023-03-04T05:06:07 --recipient keys/public.pem --out sealed
 *   npm run sweep -- experiments/date-search.ts --jobs 2           (or --launcher slurm --jobs 64)
 * Cost: what the network takes; ResNet-18 at 64x64 did 69 dates a second on one busy core, 21 minutes a part. result.json
 * has the date found, and candidates a second; parts that begin after it was found do nothing.
 */
import type { Sweep } from '../src/sweep/sweep.ts';
import type { DateSearchConfig } from '../src/sweep/works/date-search.ts';

const shards = 365;

export default {
  name: 'date-search',
  question: 'Which second of 2023 was the key of this image made from?',
  work: 'date-search',
  base: { cipher: 'sealed/00001368_000.cipher.png', from: '2023-01-01T00:00:00', span: 365 * 86_400, shards },
  grid: { shard: [...Array(shards).keys()] },
  seeds: [1],
} satisfies Sweep<DateSearchConfig>;
