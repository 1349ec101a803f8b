/** The hardened scheme and the peers beside the paper's methods: rows of Table 7, and times of Table 2. */
import {
  baselineParams,
  encryptWith,
  keyContent,
  openImage,
  type SchemeInput,
  sealContent,
} from '../cipher/index.ts';
import { othersLike } from '../judge/attack.ts';
import { progressBar } from '../shared/progress.ts';
import { timeRounds } from '../shared/time-rounds.ts';
import type { Raster } from '../shared/types.ts';
import { inWorkers } from '../shared/workers.ts';
import type { PeerResults, TimingRecord } from '../tables/results.ts';
import { type PeerRow, type PeerTask, peerRows, pictureFor } from './peer-cell.ts';
import type { SampleImage } from './samples.ts';

const worker = new URL('./peer-cell.ts', import.meta.url);

/** Each cipher on each image, spread over the cores. @param samples those of Table 7 */
export async function measurePeers(
  samples: readonly SampleImage[],
  options: Pick<PeerTask, 'out' | 'preset' | 'seed'>,
): Promise<PeerResults> {
  const { out, preset, seed } = options;
  const tasks = samples.flatMap(({ id, raster }) => {
    // Known images of other seeds than the phantoms among the samples have: one must not be the picture itself.
    const shared = { out, preset, seed, image: id, plain: raster, others: othersLike(raster, seed + 1000) };
    return peerRows.map(({ about }): PeerTask => ({ ...shared, method: about.method }));
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
    ciphers: peerRows.filter(({ paper }) => !paper).map(({ about }) => about),
    cells: cells.toSorted((a, b) => order(a) - order(b)),
  };
}

interface TimingKeys {
  readonly publicPem: string;
  readonly privatePem: string;
}

/**
 * Times of Table 2. A scheme with key files has the scope of our methods, parameters to sealed key file and back; any
 * other has its key given, and derives from it what it needs. Medians over `repeats` after one run that is not counted.
 */
export async function timePeers(plain: Raster, pems: TimingKeys, repeats: number): Promise<TimingRecord[]> {
  const image = `${plain.width}x${plain.height}`;
  const records: TimingRecord[] = [];
  for (const row of peerRows.filter(({ paper }) => !paper))
    records.push({
      ...{ image, method: row.about.method },
      ...(await timeRounds(() => encryptedRound(row, plain, pems), repeats)),
    });
  return records;
}

/** Times do not depend on it. */
const anySecret = new Uint8Array(32).fill(7);

/** Encrypts, and returns the decryption. */
async function encryptedRound(
  { scheme, map }: PeerRow,
  plain: Raster,
  { publicPem, privatePem }: TimingKeys,
) {
  const input: SchemeInput = { map, params: baselineParams[map], secret: anySecret };
  const { cipher, key } = encryptWith(scheme, pictureFor(scheme, plain), input);
  if (!scheme.keyFile) return () => scheme.decrypt(cipher, key);
  const jwe = await sealContent(scheme, keyContent(scheme, key, cipher), [publicPem]);
  return () => openImage(jwe, cipher, privatePem);
}
