/** The trials of a judgement, in their order: attacks first, then properties, statistics and times. */
import { noisePicture } from '../attacks/black-box/_samples.ts';
import {
  type BlackBoxAttackName,
  blackBoxAttackNames,
  blackBoxAttacks,
} from '../attacks/black-box/attacks.ts';
import { hashOf } from '../attacks/black-box/few-keys.ts';
import type { Finding, Laboratory } from '../attacks/black-box/types.ts';
import type { Raster } from '../shared/types.ts';
import { type Exactness, exactness } from './exactness.ts';
import { type Bench, encryptWith, photoOf, trialKey } from './laboratory.ts';
import type { Level } from './levels.ts';
import { bitsOf, encryptedPairs, type NistOutcome, nistOf } from './measures.ts';
import { type Measures, measuresOf } from './pair-measures.ts';
import type { Probe } from './probe.ts';
import { type Damage, damageOf, differentialOf, type KeyUse, keyUse, type Spread } from './properties.ts';
import { type Speed, speedOf } from './speed.ts';
import type { Trial, TrialRecord, TrialRunner } from './trials.ts';

export interface JudgeRequest {
  readonly level: Level;
  readonly keyBytes: number;
  readonly seed: number;
  /** Pictures to measure; generated ones unless given. */
  readonly images: readonly { readonly name: string; readonly raster: Raster }[];
  /** Folder of the trials and pictures; null keeps nothing on disk. */
  readonly out: string | null;
  /** Identifies this request among others in the same folder. */
  readonly id: string;
  /** false leaves out metrics, NIST's tests and times. */
  readonly statistics: boolean;
}

export interface Found {
  readonly exact: TrialRecord<Exactness>;
  readonly picture: TrialRecord<{ depends: boolean; injective: boolean }>;
  readonly attacks: readonly TrialRecord<Finding>[];
  readonly differential: TrialRecord<Spread>;
  readonly key: TrialRecord<KeyUse>;
  readonly damage: TrialRecord<Damage>;
  readonly measures: TrialRecord<Measures & { readonly refused: readonly string[] }>;
  readonly nist: readonly TrialRecord<NistOutcome>[];
  readonly speed: TrialRecord<Speed>;
}

export async function runAll(
  runner: TrialRunner,
  bench: Bench,
  probed: Probe,
  laboratory: Laboratory,
  { level, images, statistics }: JudgeRequest,
): Promise<Found> {
  const { shape, deterministic } = probed;
  const full = level === 'full';
  const unasked = statistics ? null : 'statistics: false leaves it out';
  const trial = <Data>(name: string, queries: number, run: () => Promise<Data>, more: Partial<Trial> = {}) =>
    runner.run<Data>({ name, queries, work: 1, ...more, run: async () => ({ data: await run() }) });

  const exact = await trial('exact-decryption', 16, () => exactness(bench, shape));
  const picture = await runner.run<Found['picture']['data'] & object>({
    name: 'dependence-on-the-picture',
    queries: 4,
    run: () => dependence(bench, probed),
  });
  const attacks = await runAttacks(runner, bench, laboratory, deterministic);
  const differential = await trial('differential', 40, () => differentialOf(bench, shape, full ? 40 : 10));
  const damage = await trial('noise-and-loss', 10, () => damageOf(bench, shape));
  const bits = Math.max(1, Math.min(8 * bench.keyBytes, Math.floor(affordable(runner, bench) / 2)));
  const key = await trial('key-sensitivity', bits + 1, () => keyUse(bench, shape, deterministic, bits), {
    reserve,
  });

  let made: ReturnType<typeof encryptedPairs> | null = null;
  const pairs = () => (made ??= encryptedPairs(bench, images, shape));
  const seldom = { work: 6, impossible: unasked };
  const measures = await trial('metrics', 5, async () => measured(await pairs(), bench.seed), seldom);
  const sequences = full ? 20 : 1;
  const nistCipher = async () => nistOf('cipher', bitsOf((await pairs()).pairs), sequences);
  const nist = [await trial('nist-cipher', 5, nistCipher, seldom)];
  if (bench.cipher.keystream) nist.push(await trial('nist-keystream', 1, () => keystreamNist(bench), seldom));
  const rounds = full ? 5 : 3;
  const speed = await trial('speed', 10 * (rounds + 1), () => speedOf(bench, probed, rounds), seldom);
  return { exact, picture, attacks, differential, key, damage, measures, nist, speed };
}

/** Seconds that long trials leave for metrics, NIST's tests and times. */
const reserve = 15;

/** Queries that the time left suffices for. */
const affordable = ({ left }: TrialRunner, { meter, cipher }: Bench): number =>
  Math.floor((Math.max(0, left - reserve) * (cipher.atOnce ?? 1)) / Math.max(1e-6, meter.secondsEach));

function measured({ pairs, refused }: Awaited<ReturnType<typeof encryptedPairs>>, seed: number) {
  return { ...measuresOf(pairs, 0.01, seed), refused };
}

async function keystreamNist(bench: Bench): Promise<NistOutcome> {
  const shape = { width: 512, height: 512, channels: 1, depth: 8 as const };
  return nistOf(
    'keystream',
    await bench.cipher.keystream!(shape, trialKey(bench.seed, 0, bench.keyBytes)),
    1,
  );
}

async function runAttacks(
  runner: TrialRunner,
  bench: Bench,
  unlimited: Laboratory,
  deterministic: boolean,
): Promise<TrialRecord<Finding>[]> {
  const records: TrialRecord<Finding>[] = [];
  for (const name of blackBoxAttackNames) {
    const broken = records
      .filter(({ data }) => data?.broken)
      .map((record) => record.name as BlackBoxAttackName);
    const laboratory = { ...unlimited, affordable: affordable(runner, bench) };
    records.push(
      await runner.run({
        name,
        queries: blackBoxAttacks[name].queries(laboratory),
        reserve: name in long ? reserve : 0,
        impossible: notFor(name, deterministic, broken) ?? needless(name, broken, laboratory),
        run: async () => {
          const { pictures = {}, ...data } = await blackBoxAttacks[name].run(laboratory);
          return { data, pictures };
        },
      }),
    );
  }
  return records;
}

function notFor(
  name: BlackBoxAttackName,
  deterministic: boolean,
  broken: readonly BlackBoxAttackName[],
): string | null {
  if (name === 'affine-solution' && !broken.includes('affine-prediction')) return 'the cipher is not affine';
  if (name === 'short-key' && broken.includes('any-key')) return 'any key will do';
  if (name === 'few-keys' && !deterministic)
    return 'the cipher draws a nonce, so that equal keys do not show';
  if (name === 'repeated-nonce' && deterministic) return 'the cipher is deterministic: it draws no nonce';
  return null;
}

/** Attacks of hundreds of queries, each with the attacks whose success makes it needless in a quick judgement. */
const long: Readonly<Partial<Record<BlackBoxAttackName, readonly BlackBoxAttackName[]>>> = {
  codebook: ['chosen-plaintext', 'any-key'],
  'affine-solution': ['chosen-plaintext', 'any-key'],
  saturation: blackBoxAttackNames,
  'few-keys': blackBoxAttackNames,
  'repeated-nonce': blackBoxAttackNames,
};

function needless(
  name: BlackBoxAttackName,
  broken: readonly BlackBoxAttackName[],
  { thorough }: Laboratory,
): string | null {
  const by = broken.find((one) => long[name]?.includes(one));
  return by && !thorough ? `the cipher is broken already (${by}); --level full runs it` : null;
}

/** Whether different pictures give different cipher pictures. A cipher that merges two cannot be decrypted. */
async function dependence(bench: Bench, { shape, deterministic }: Probe) {
  const key = trialKey(bench.seed, 0, bench.keyBytes);
  const base = noisePicture(shape, bench.seed, 'dependence');
  const lowest = { ...base, data: base.data.slice() };
  lowest.data[lowest.data.length >> 1]! ^= 1;
  const pictures = [base, lowest, noisePicture(shape, bench.seed, 'dependence', 2)];
  const answers: { hash: string; extra: number }[] = [];
  for (const picture of pictures) {
    const { image, extra } = await encryptWith(bench, picture, key);
    answers.push({ hash: hashOf(image), extra: extra.length });
  }
  const [a, b, c] = answers.map(({ hash }) => hash);
  const alone = answers.every(({ extra }) => extra === 0);
  const data = {
    depends: !deterministic || a !== c,
    injective: !(deterministic && alone && (a === b || a === c)),
  };
  const plain = photoOf(shape, bench.seed);
  return { data, pictures: { plain, cipher: (await encryptWith(bench, plain, key)).image } };
}
