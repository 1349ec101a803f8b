/** `reproduce-tables`: four networks, six methods, eight pictures, seven tables. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attackNames } from '../attacks/index.ts';
import { makeKeyPair, type PresetName } from '../cipher/index.ts';
import { encodePng } from '../data/images/image.ts';
import type { Engine } from '../engine/engine.ts';
import { environment } from '../engine/environment.ts';
import { type AttackRecord, runAttacks } from '../judge/attack.ts';
import { writeAttacks } from '../judge/attack-files.ts';
import { writeReproduction } from '../report/write.ts';
import { runFile } from '../runs/run-files.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { formatWallClock } from '../shared/datetime.ts';
import { messageOf } from '../shared/errors.ts';
import { makeFolder, writeWhole } from '../shared/files.ts';
import { progressBar } from '../shared/progress.ts';
import { asStarted } from '../shared/started.ts';
import type { ChannelMode, NetName } from '../shared/types.ts';
import { writeTogether } from '../shared/write-together.ts';
import type {
  CellRecord,
  ImageRecord,
  MethodId,
  ReproductionResults,
  TimingRecord,
  TrainingRecord,
} from '../tables/results.ts';
import { methodIds } from '../tables/results.ts';
import { type TrainConfig, trainConfig } from '../training/config.ts';
import { train, trainRunPath } from '../training/train.ts';
import { openTrained, type TrainedNetwork } from '../training/trained.ts';
import { writeTrainingReport } from '../training/training-report.ts';
import { attackCell } from './attack-cell.ts';
import { type CellInput, runCell, timeMethod } from './cell.ts';
import { methodOf } from './parameter-source.ts';
import { measurePeers, timePeers } from './peers.ts';
import type { Profile } from './profile.ts';
import { recoveredAttack, recoverPictures } from './recover.ts';
import { loadSamples, type SampleImage } from './samples.ts';

export interface ReproduceOptions {
  readonly profile: Profile;
  readonly preset: PresetName;
  readonly channels: ChannelMode;
  readonly seed: number;
  /** Folder of data sets, or image files, in place of the shipped pictures. */
  readonly data?: string | undefined;
  readonly samples?: readonly string[] | undefined;
  /** Where all results go. */
  readonly out: string;
  /** Where trained networks are looked for and kept. */
  readonly runs: string;
  /** The command as typed, for the report. */
  readonly command: string;
}

/** Trains or reuses, encrypts, decrypts, measures, writes. Interrupted, it goes on where it was. */
export async function reproduce(options: ReproduceOptions, engine: Engine): Promise<ReproductionResults> {
  const { data, samples: files, channels, seed, profile, out } = options;
  const samples = await loadSamples({
    channels,
    seed,
    ...(data !== undefined && { data }),
    ...(files && { files }),
    ...(profile.imageScale !== undefined && { scale: profile.imageScale }),
  });
  const config = { ...options, profile, images: samples.map(({ sha256 }) => sha256) };
  const folder = await RunFolder.open(out, config, environment(engine));
  await folder.setStatus({ state: 'running' });
  try {
    const results = await reproduceInto(options, engine, samples);
    await writeReproduction(out, results);
    await folder.setStatus({ state: 'done' });
    return results;
  } catch (error) {
    await folder.setStatus({ state: 'failed', reason: messageOf(error) });
    throw error;
  }
}

async function reproduceInto(
  options: ReproduceOptions,
  engine: Engine,
  samples: readonly SampleImage[],
): Promise<ReproductionResults> {
  const training = await trainAll(options, engine);
  const predictors = new Map<MethodId, TrainedNetwork>();
  try {
    for (const { map, net, run } of training)
      predictors.set(`${map}+${net}`, await openTrained(run, { engine }));
    const { cells, timings } = await encryptAll(options, samples, predictors);
    const rivals = await peersOf(options, samples);
    await attackBoth(options);
    await recoverCells(options, cells);
    const { profile, preset, channels, seed, command } = options;
    const head = { version: 1, command, profile: profile.name, preset, channels, seed } as const;
    return {
      ...head,
      environment: environment(engine),
      images: samples.map(imageRecord),
      training,
      cells,
      timings: [...timings, ...rivals.timings],
      peers: rivals.peers,
    };
  } finally {
    for (const predictor of predictors.values()) predictor.dispose();
  }
}

/** The training configuration of one of the four networks on this engine. */
function trainingOf(
  options: Pick<ReproduceOptions, 'profile' | 'seed'>,
  method: MethodId,
  native: boolean,
): TrainConfig {
  const { map, net } = methodOf(method);
  const { train: common, nets, fallback } = options.profile;
  const smaller = native ? {} : fallback;
  return trainConfig({ ...common, ...nets[net!], ...smaller, map, net: net as NetName, seed: options.seed });
}

async function trainAll(options: ReproduceOptions, engine: Engine): Promise<TrainingRecord[]> {
  const records: TrainingRecord[] = [];
  for (const method of methodIds.filter((id) => methodOf(id).net)) {
    const config = trainingOf(options, method, engine.native !== null);
    const { run, epochs, undertrained } = await train(
      config,
      engine,
      await trainRunPath(config, engine, options.runs),
    );
    const last = epochs.at(-1)!;
    const { map, net } = methodOf(method);
    await copyTrainingPage(options.out, run, `${map}-${net}.html`);
    const of = { run, map, net: net!, engine: engine.name, undertrained: undertrained || !engine.native };
    records.push({ ...of, imagesSeen: last.imagesSeen, seconds: last.seconds, epochs });
  }
  return records;
}

/** The page of a training beside the report, which links to it: a reproduction that is moved keeps it. */
async function copyTrainingPage(out: string, run: string, name: string): Promise<void> {
  const { path } = await writeTrainingReport(run);
  const folder = await makeFolder(runFile(out, 'trainings'));
  await writeWhole(join(folder, name), await readFile(path));
}

async function encryptAll(
  options: ReproduceOptions,
  samples: readonly SampleImage[],
  predictors: ReadonlyMap<MethodId, TrainedNetwork>,
) {
  const { out, preset, profile } = options;
  const pems = await demonstrationKeys(out);
  const bar = progressBar('encrypt, decrypt, measure', samples.length * methodIds.length);
  const cells: CellRecord[] = [];
  const timings: TimingRecord[] = [];
  for (const sample of samples) {
    const plainPng = await encodePng(sample.raster);
    for (const id of methodIds) {
      bar.update(cells.length, `${sample.id} ${id}`);
      const input: CellInput = {
        sample,
        plainPng,
        method: methodOf(id),
        predictor: predictors.get(id) ?? null,
        preset,
        ...pems,
      };
      const cell = await runCell(out, input);
      cells.push(id === methodIds[0] ? await attackCell(out, sample, cell) : cell);
      if (isTimed(sample)) timings.push(await timeMethod(input, profile.timingRepeats));
    }
  }
  bar.stop(
    `${cells.length} of ${cells.length}, ${cells.filter((cell) => cell.decryptedMse === 0).length} decrypted exactly`,
  );
  return { cells, timings };
}

/** Slow ones among the peers take 2 s a time at 512x512x3. */
const peerRepeats = 3;

/** The hardened scheme and the peers on the pictures of Table 7. */
async function peersOf({ out, preset, seed, profile }: ReproduceOptions, samples: readonly SampleImage[]) {
  const shown = samples.filter(({ id }) => id.startsWith('table7'));
  const keys = await demonstrationKeys(out);
  const repeats = Math.min(peerRepeats, profile.timingRepeats);
  const timings: TimingRecord[] = [];
  for (const { raster } of shown.filter(isTimed)) timings.push(...(await timePeers(raster, keys, repeats)));
  return { peers: await measurePeers(shown, { out, preset, seed }), timings };
}

/** The attack from the cipher alone is the search in the run's own pictures. Not in those so small that it fails: they are for tests. */
async function recoverCells({ out, preset, profile }: ReproduceOptions, cells: readonly CellRecord[]) {
  if (profile.imageScale !== undefined) return;
  const searches = await recoverPictures(out, preset, cells);
  await writeAttacks(join(out, 'attacks'), {}, [await recoveredAttack(out, searches)]);
}

/** Every attack on both schemes, as `medchaos attack all --scheme both` into OUT/attacks. */
const attackBoth = ({ out, preset, seed, profile }: ReproduceOptions): Promise<AttackRecord[]> =>
  runAttacks({
    names: attackNames,
    schemes: ['paper', 'hardened'],
    preset,
    seed,
    size: profile.imageScale === undefined ? 256 : 64,
    trials: 10,
    repeats: 1,
    out: join(out, 'attacks'),
  });

/** Table 2 times 256x256 and 512x512: the first and the last picture of Table 7. */
const isTimed = ({ id }: SampleImage): boolean => id === 'table7a' || id === 'table7d';

function imageRecord(sample: SampleImage): ImageRecord {
  const { id, source, caption, raster, when, dateSource, sha256, view } = sample;
  const { width, height, channels, depth } = raster;
  return {
    id,
    source,
    caption,
    width,
    height,
    channels,
    depth,
    date: formatWallClock(when),
    dateSource,
    sha256,
    ...(view && { view }),
  };
}

const keyNotice = asStarted(
  'DEMONSTRATION KEYS - INSECURE. The private key lies beside the files it opens, so that anybody can check\n' +
    'the decryption. Make your own with: npm run keygen -- --out FOLDER\n',
);

/** The key pair of this run's key files, made once. */
async function demonstrationKeys(out: string): Promise<{ publicPem: string; privatePem: string }> {
  const folder = await makeFolder(join(out, 'keys'));
  const paths = ['public', 'private'].map((half) => join(folder, `demonstration-insecure-${half}.pem`));
  if (paths.every((path) => existsSync(path))) {
    const [publicPem, privatePem] = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
    return { publicPem: publicPem!, privatePem: privatePem! };
  }
  const { publicPem, privatePem } = await makeKeyPair();
  await writeTogether([
    { path: paths[0]!, data: publicPem },
    { path: paths[1]!, data: privatePem },
    { path: join(folder, 'README.txt'), data: keyNotice },
  ]);
  return { publicPem, privatePem };
}
