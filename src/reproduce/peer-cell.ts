/** One image of Table 7 with one cipher: through it and back, all measures, one changed sample, and the attacks. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  affinePrediction,
  differentialTrials,
  keysFromPairs,
  type Oracle,
  oracleOf,
  type Party,
  partyOf,
  recoverKeys,
} from '../attacks/index.ts';
import { defaultMap, type MapName, paperMaps } from '../chaos/maps.ts';
import {
  baselineParams,
  decryptRaster,
  isPeer,
  type Keys,
  type PresetName,
  type Scheme,
  schemes,
} from '../cipher/index.ts';
import { pickChannels } from '../data/images/channels.ts';
import { encodePng } from '../data/images/image.ts';
import {
  expectedChainedUaci,
  expectedNpcr,
  type Measured,
  measureCell,
  measureDecrypted,
} from '../metrics/index.ts';
import { against } from '../metrics/types.ts';
import { makeFolder, writeWhole } from '../shared/files.ts';
import { stream } from '../shared/random.ts';
import type { Raster } from '../shared/types.ts';
import type { CipherRecord, ImageId, PeerCell, Recovery } from '../tables/results.ts';

/** A row of Table 7 beside the paper's six methods. */
export interface PeerRow {
  readonly about: CipherRecord;
  readonly scheme: Scheme;
  readonly map: MapName;
  /** One of the six methods: its cells hold its measures and times. */
  readonly paper: boolean;
}

/** The paper's scheme with fixed parameters, for its differential metrics and attacks; labelled as in the other tables. */
const paperRow = (map: MapName): PeerRow => ({
  about: { method: map, name: '', source: '' },
  scheme: schemes.paper,
  map,
  paper: true,
});

const schemeRow = (scheme: Scheme): PeerRow => ({
  about: {
    method: isPeer(scheme) ? `peer:${scheme.name}` : scheme.name,
    name: scheme.label,
    source: scheme.source,
    standing: scheme.standing,
    ...(scheme.reference && { reference: scheme.reference }),
    ...(!scheme.channels.includes(3) && { grey: true }),
  },
  scheme,
  map: defaultMap,
  paper: false,
});

/** Every scheme, in the order of the tables. */
export const peerRows: readonly PeerRow[] = [
  ...paperMaps.map(paperRow),
  ...Object.values<Scheme>(schemes)
    .filter(({ name }) => name !== schemes.paper.name)
    .map(schemeRow),
];

/** @throws Error for an unknown method */
function rowOf(method: string): PeerRow {
  const found = peerRows.find(({ about }) => about.method === method);
  if (found) return found;
  throw new Error(`"method" expected one of ${peerRows.map(({ about }) => about.method)}, got ${method}`);
}

/** 32 bytes that anybody can compute again, so that the row can be checked; it protects nothing. */
const demonstrationSecret = (text: string): Uint8Array =>
  createHash('sha256').update(`medchaos demonstration key of a peer, ${text}`).digest();

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
export default async function measurePeer(given: PeerTask): Promise<PeerCell> {
  const task = asTaken(given);
  const { plain } = task;
  const { image, method, preset, seed } = task;
  const { scheme, map, paper } = rowOf(method);
  const secret = demonstrationSecret(`${seed} ${image} ${method}`);
  const party = partyOf(scheme, { map, params: baselineParams[map], preset, secret });
  const { cipher, keyFile } = party.encrypt(plain);
  const bareKey = keyFile();
  const decrypted = party.decrypt(cipher, bareKey);
  if (!paper) await writePictures(task, { plain, cipher, decrypted });
  return {
    image,
    method,
    keyFile: paper ? '' : Buffer.from(bareKey).toString('hex'),
    measures: paper ? null : measureCell(plain, cipher),
    decryptedMse: measureDecrypted(plain, decrypted).mse,
    differential: differentialOf(party, task),
    ...attacksOn(party, cipher, task),
  };
}

/** Its green channel alone for a cipher that takes grey pictures only. */
export function pictureFor({ channels }: Scheme, raster: Raster): Raster {
  return channels.includes(raster.channels) ? raster : pickChannels(raster, [1]);
}

function asTaken(task: PeerTask): PeerTask {
  const taken = (raster: Raster): Raster => pictureFor(rowOf(task.method).scheme, raster);
  const [one, other] = task.others;
  return { ...task, plain: taken(task.plain), others: [taken(one), taken(other)] };
}

/** A colon cannot stand in a file name everywhere. */
const folderOf = (method: string): string => method.replace(':', '-');

async function writePictures({ out, image, method }: PeerTask, pictures: Record<string, Raster>) {
  const folder = await makeFolder(join(out, 'images', image, folderOf(method)));
  for (const [name, raster] of Object.entries(pictures))
    await writeWhole(join(folder, `${name}.png`), await encodePng(raster));
}

/** Means of the trials beside the law of such a mean under an ideal cipher. */
function differentialOf(party: Party, { plain, image, method, seed }: PeerTask) {
  const random = stream(seed, 'peer differential', image, method);
  const { npcr, uaci } = differentialTrials((one) => party.encryptAgain(one).cipher, plain, trials, random);
  const n = plain.data.length;
  const expected = expectedNpcr(n, plain.depth);
  return {
    trials,
    npcr: against(npcr, { mean: expected.mean, sd: expected.sd / Math.sqrt(trials) }),
    uaci: against(uaci, expectedChainedUaci(n, trials, plain.depth)),
  };
}

function attacksOn({ encrypt }: Party, cipher: Raster, { plain, others, seed }: PeerTask) {
  const ask = (image: Raster): Raster => encrypt(image).cipher;
  const oracle = oracleOf(plain, ask);
  const chosen = recoverKeys(oracle, seed);
  const pairs = others.map((other) => ({ plain: other, cipher: ask(other) }));
  const known = keysFromPairs(pairs)?.keys ?? null;
  return {
    chosenPlaintext: recovery(oracle, chosen, cipher, plain),
    knownPlaintext: recovery({ queries: pairs.length }, known, cipher, plain),
    ...predictedOf(oracleOf(plain, ask), [...others, plain]),
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

function predictedOf(oracle: Oracle, images: readonly [Raster, Raster, Raster]) {
  const { share, planes } = affinePrediction(oracle, images);
  return {
    predicted: besideGuessing(share, images[0]),
    predictedPlanes: planes.map((one) => 100 * one),
  };
}

/** Percent; guessing gives one sample in 2^depth. */
function besideGuessing(share: number, { data, depth }: Raster): Measured {
  const chance = 2 ** -depth;
  const sd = Math.sqrt((chance * (1 - chance)) / data.length);
  return against(100 * share, { mean: 100 * chance, sd: 100 * sd });
}
