/** The hardened scheme and the peers beside the paper's methods: rows of Table 7, and times of Table 2. */
import { baselineParams, encryptHardened, openImage, peers, sealHardened } from '../../cipher/index.ts';
import { othersLike } from '../../judge/attack.ts';
import { progressBar } from '../../shared/progress.ts';
import { type Round, timeRounds } from '../../shared/time-rounds.ts';
import type { Raster } from '../../shared/types.ts';
import { inWorkers } from '../../shared/workers.ts';
import type { PeerResults, TimingRecord } from '../../tables/results.ts';
import type { SampleImage } from '../samples.ts';
import { entries } from './contenders.ts';
import type { PeerTask } from './measure.ts';

const worker = new URL('./measure.ts', import.meta.url);

/** Each cipher on each image, spread over the cores. @param samples those of Table 7 */
export async function measurePeers(
  samples: readonly SampleImage[],
  options: Pick<PeerTask, 'out' | 'preset' | 'seed'>,
): Promise<PeerResults> {
  const { out, preset, seed } = options;
  const tasks = samples.flatMap(({ id, raster }) => {
    // Known images of other seeds than the phantoms among the samples have: one must not be the picture itself.
    const shared = { out, preset, seed, image: id, plain: raster, others: othersLike(raster, seed + 1000) };
    return entries.map(({ about }): PeerTask => ({ ...shared, method: about.method }));
  });
  const bar = progressBar('peers', tasks.length);
  const largestFirst = tasks.toSorted((a, b) => b.plain.data.length - a.plain.data.length);
  const cells = await inWorkers<PeerTask, PeerResults['cells'][number]>(
    worker,
    largestFirst,
    undefined,
    (done) => bar.update(done),
  );
  bar.stop(`${cells.length} of ${cells.length}`);
  const order = (cell: { image: string; method: string }): number =>
    tasks.findIndex(({ image, method }) => image === cell.image && method === cell.method);
  return {
    ciphers: entries.filter(({ paper }) => !paper).map(({ about }) => about),
    cells: cells.toSorted((a, b) => order(a) - order(b)),
  };
}

interface TimingKeys {
  readonly publicPem: string;
  readonly privatePem: string;
}

/**
 * Times of Table 2. The hardened scheme has the scope of our methods, parameters to sealed key file and back; a peer
 * has its key given, and derives from it what it needs. Medians over `repeats` after one run that is not counted.
 */
export async function timePeers(plain: Raster, keys: TimingKeys, repeats: number): Promise<TimingRecord[]> {
  const image = `${plain.width}x${plain.height}`;
  const rounds: [string, Round][] = [
    ['hardened', () => hardenedRound(plain, keys)],
    ...Object.entries(peers).map(([name, peer]): [string, Round] => [
      `peer:${name}`,
      async () => {
        const sealed = peer.encrypt(plain, anyKey);
        return () => peer.decrypt(sealed, anyKey);
      },
    ]),
  ];
  const records: TimingRecord[] = [];
  for (const [method, round] of rounds)
    records.push({ image, method, ...(await timeRounds(round, repeats)) });
  return records;
}

/** Times do not depend on it. */
const anyKey = new Uint8Array(32).fill(7);

async function hardenedRound(plain: Raster, { publicPem, privatePem }: TimingKeys) {
  const input = { map: 'lorenz', params: baselineParams.lorenz, metadata: null } as const;
  const { cipher, key } = encryptHardened(plain, input);
  const jwe = await sealHardened(key, cipher, publicPem);
  return () => openImage(jwe, cipher, privatePem);
}
