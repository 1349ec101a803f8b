/**
 * A folder of images encrypted in parts, each a process: for 100,000 images write their folder here, and as many parts
 * as make some minutes of work each. The key files are sealed for public keys; no secret goes into a sweep.
 *   npm run keygen -- --out keys
 *   npm run sweep -- experiments/encrypt-folder.ts --jobs 2        (or --launcher slurm --jobs 64)
 * Cost: 1.5 s a part to begin with, then tenths of a second an X-ray. A picture that fails is listed in result.json and
 * stops no other; the same command again does what is missing.
 */
import type { Sweep } from '../src/sweep/sweep.ts';
import type { EncryptFolderConfig } from '../src/sweep/works/encrypt-folder.ts';

const shards = 4;

export default {
  name: 'encrypt-folder',
  question: 'Which images of the folder are encrypted, and which failed?',
  work: 'encrypt-folder',
  base: { folder: 'samples', out: 'sealed', recipients: 'keys/public.pem', params: '10,28,2.667', shards },
  grid: { shard: [...Array(shards).keys()] },
  seeds: [1],
} satisfies Sweep<EncryptFolderConfig>;
