/** One image of Table 7 with one cipher: through it and back, all measures, one changed sample, and the attacks. */
import { join } from 'node:path';
import {
  affinePrediction,
  differentialTrials,
  keysFromPairs,
  type Oracle,
  oracleOf,
  recoverKeys,
} from '../../attacks/index.ts';
import { decryptRaster, type Keys, type PresetName } from '../../cipher/index.ts';
import { encodePng } from '../../data/images/image.ts';
import {
  type Expectation,
  expectedDifferentialUaci,
  expectedNpcr,
  type Measured,
  measureCell,
  measureDecrypted,
} from '../../metrics/index.ts';
import { against } from '../../metrics/types.ts';
import { makeFolder, writeWhole } from '../../shared/files.ts';
import { stream } from '../../shared/random.ts';
import type { Raster } from '../../shared/types.ts';
import type { ImageId, PeerCell, Recovery } from '../../tables/results.ts';
import { type Contender, entryOf } from './contenders.ts';

export interface PeerTask {
  readonly out: string;
  readonly image: ImageId;
  readonly method: string;
  readonly plain: Raster;
  /** Of its shape, which the attacker may know. */
  readonly others: readonly [Raster, Raster];
  readonly preset: PresetName;
  readonly seed: number;
}

/** Images that differ in one sample: a cipher of one pass spreads it from there on only, so one alone says little. */
const trials = 5;

/** The task in a thread of its own; the pictures of a cipher that is none of the six methods are written. */
export default async function measurePeer(task: PeerTask): Promise<PeerCell> {
  const { image, method, plain, preset, seed } = task;
  const entry = entryOf(method);
  const contender = entry.make(preset, `${seed} ${image} ${method}`);
  const { cipher, keyFile, open } = contender.encrypt(plain);
  const decrypted = open();
  if (!entry.paper) await writePictures(task, { plain, cipher, decrypted });
  return {
    image,
    method,
    keyFile: entry.paper ? '' : Buffer.from(keyFile()).toString('hex'),
    measures: entry.paper ? null : measureCell(plain, cipher),
    decryptedMse: measureDecrypted(plain, decrypted).mse,
    differential: differentialOf(contender, task),
    ...attacksOn(contender, cipher, task),
  };
}

/** A colon cannot stand in a file name everywhere. */
const folderOf = (method: string): string => method.replace(':', '-');

async function writePictures({ out, image, method }: PeerTask, pictures: Record<string, Raster>) {
  const folder = await makeFolder(join(out, 'images', image, folderOf(method)));
  for (const [name, raster] of Object.entries(pictures))
    await writeWhole(join(folder, `${name}.png`), await encodePng(raster));
}

/** Means of the trials beside the law of such a mean under an ideal cipher. */
function differentialOf(contender: Contender, { plain, image, method, seed }: PeerTask) {
  const random = stream(seed, 'peer differential', image, method);
  const { npcr, uaci } = differentialTrials(contender.encryptAgain, plain, trials, random);
  const n = plain.data.length;
  return {
    trials,
    npcr: against(npcr, ofMean(expectedNpcr(n, plain.depth))),
    uaci: against(uaci, ofMean(expectedDifferentialUaci(n, plain.depth))),
  };
}

const ofMean = ({ mean, sd }: Expectation): Expectation => ({ mean, sd: sd / Math.sqrt(trials) });

function attacksOn({ encrypt }: Contender, cipher: Raster, { plain, others, seed }: PeerTask) {
  const ask = (image: Raster): Raster => encrypt(image).cipher;
  const oracle = oracleOf(plain, ask);
  const chosen = recoverKeys(oracle, seed);
  const pairs = others.map((other) => ({ plain: other, cipher: ask(other) }));
  const known = keysFromPairs(pairs)?.keys ?? null;
  return {
    chosenPlaintext: recovery(oracle, chosen, cipher, plain),
    knownPlaintext: recovery({ queries: pairs.length }, known, cipher, plain),
    predicted: predictedOf(oracleOf(plain, ask), [...others, plain]),
  };
}

/** Without keys the cipher is no permutation and xor, and the attack says nothing about it. */
function recovery(
  { queries }: Pick<Oracle, 'queries'>,
  keys: Keys | null,
  cipher: Raster,
  plain: Raster,
): Recovery {
  if (!keys) return { queries, recovered: null };
  const opened = decryptRaster(cipher, keys);
  const same = opened.data.filter((value, k) => value === plain.data[k]).length;
  return { queries, recovered: besideGuessing(same / plain.data.length, plain) };
}

const predictedOf = (oracle: Oracle, images: readonly [Raster, Raster, Raster]): Measured =>
  besideGuessing(affinePrediction(oracle, images).share, images[0]);

/** Percent; guessing gives one sample in 2^depth. */
function besideGuessing(share: number, { data, depth }: Raster): Measured {
  const chance = 2 ** -depth;
  const sd = Math.sqrt((chance * (1 - chance)) / data.length);
  return against(100 * share, { mean: 100 * chance, sd: 100 * sd });
}
