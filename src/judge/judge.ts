/**
 * `judge`: any image cipher on trial. It is asked for cipher pictures under keys that judge draws, and nothing else is known of it.
 * "broken": an attack recovered or predicted something. "inexact": decryption does not give back the picture. "holds":
 * nothing that ran broke it, which is no proof.
 */

import { noisePicture } from '../attacks/black-box/_samples.ts';
import {
  type BlackBoxAttackName,
  blackBoxAttackNames,
  blackBoxAttacks,
} from '../attacks/black-box/attacks.ts';
import { hashOf } from '../attacks/black-box/few-keys.ts';
import type { Finding, Laboratory } from '../attacks/black-box/types.ts';
import { seconds } from '../shared/timing.ts';
import type { Raster } from '../shared/types.ts';
import type { BlackBoxCipher } from './black-box/cipher.ts';
import { type Exactness, exactness } from './exactness.ts';
import { type Bench, encryptWith, laboratoryOf, Meter, photoOf, trialKey } from './laboratory.ts';
import type { Level } from './levels.ts';
import { bitsOf, encryptedPairs, type Measures, measuresOf, type NistOutcome, nistOf } from './measures.ts';
import { type Probe, probe } from './probe.ts';
import { type Damage, damageOf, differentialOf, type KeyUse, keyUse, type Spread } from './properties.ts';
import { type Speed, speedOf } from './speed.ts';
import { type Trial, type TrialRecord, TrialRunner } from './trials.ts';

export type { BlackBoxCipher, Sealed } from './black-box/cipher.ts';

export interface JudgeRequest {
  readonly level: Level;
  readonly keyBytes: number;
  readonly seed: number;
  /** Pictures to measure; generated ones unless given. */
  readonly images: readonly { readonly name: string; readonly raster: Raster }[];
  /** Folder of the trials and pictures; null keeps nothing on disk. */
  readonly out: string | null;
  /** Tells this request from others in the same folder. */
  readonly id: string;
  /** false leaves out metrics, NIST's tests and times. */
  readonly statistics: boolean;
}

const judgeDefaults: JudgeRequest = {
  level: 'quick',
  keyBytes: 32,
  seed: 1,
  images: [],
  out: null,
  id: '',
  statistics: true,
};

export type VerdictName = 'broken' | 'holds' | 'inexact';

/** An attack that succeeded. */
export interface Break {
  readonly attack: string;
  readonly queries: number;
  readonly seconds: number;
  /** Of the samples that were recovered or predicted, 0 to 1. */
  readonly share: number;
  readonly finding: string;
  /** Stems of pictures/*.png, the most telling first. */
  readonly pictures: readonly string[];
}

export interface Properties {
  readonly dependsOnPicture: boolean | null;
  readonly authenticated: boolean | null;
  readonly errorPropagation: number | null;
  readonly lossPropagation: number | null;
  readonly keyBits: number | null;
  /** Key bits that were turned over, one at a time: all, unless time was short. */
  readonly triedKeyBits: number | null;
  readonly effectiveKeyBits: number | null;
  readonly ignoredKeyBits: number | null;
  /** Keys one bit away that decryption refuses. */
  readonly refusedKeys: number | null;
  /** Bytes of a cipher picture for each byte of its picture. */
  readonly expansion: number | null;
  readonly sameShape: boolean | null;
  readonly differential: Spread | null;
  readonly keySensitivity: Spread | null;
}

export interface Judgement {
  readonly cipher: string;
  readonly verdict: VerdictName;
  /** null: no decryption is given. */
  readonly exact: boolean | null;
  /** null: unknown from pictures alone. */
  readonly deterministic: boolean | null;
  readonly brokenBy: readonly Break[];
  /** Attacks that ran and got nothing. */
  readonly withstood: readonly {
    readonly attack: string;
    readonly queries: number;
    readonly seconds: number;
    readonly finding: string;
  }[];
  readonly properties: Properties;
  readonly notRun: readonly { readonly attack: string; readonly why: string }[];
  readonly measures: readonly Measures['rows'][number][];
  readonly measured: Omit<Measures, 'rows'> | null;
  readonly nist: readonly NistOutcome[];
  readonly speed: Speed | null;
  readonly exactness: Exactness | null;
  /** How the program behaves besides its contract. */
  readonly remarks: readonly string[];
  readonly level: Level;
  readonly seed: number;
  readonly keyBytes: number | null;
  readonly shape: {
    readonly width: number;
    readonly height: number;
    readonly channels: number;
    readonly depth: number;
  } | null;
  readonly queries: number;
  readonly secondsEach: number;
  readonly seconds: number;
}

/** Seconds that a quick judgement may take in all. */
const quickLimit = 100;

/** @throws InputError if the cipher takes no picture at all */
export async function judge(cipher: BlackBoxCipher, options: Partial<JudgeRequest> = {}): Promise<Judgement> {
  const request = { ...judgeDefaults, ...options };
  const { level, keyBytes, seed, images, out, id } = request;
  const started = seconds();
  const meter = new Meter();
  const bench: Bench = { cipher, seed, keyBytes, meter };
  const probed = await probe(bench, images[0]?.raster);
  const laboratory = laboratoryOf(bench, probed.shape, level === 'full');
  const limit = level === 'quick' ? Math.round(quickLimit - (seconds() - started)) : null;
  const settings = { out, id, limit, secondsEach: () => meter.secondsEach, atOnce: cipher.atOnce ?? 1 };
  const runner = new TrialRunner(settings, blackBoxAttackNames.length + 8);
  try {
    const found = await runAll(runner, bench, probed, laboratory, request);
    await runner.forget();
    return gather(cipher, probed, found, request, meter, seconds() - started);
  } finally {
    runner.stop();
  }
}

interface Found {
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

async function runAll(
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
  const attacks = await runAttacks(runner, laboratory, deterministic);
  const differential = await trial('differential', 40, () => differentialOf(bench, shape, full ? 40 : 10));
  const damage = await trial('noise-and-loss', 10, () => damageOf(bench, shape));
  const bits = affordable(runner, bench);
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

/** Key bits that half of the time left suffices for; all of them where there is no limit. */
function affordable({ left }: TrialRunner, { keyBytes, meter, cipher }: Bench): number {
  const within = (0.5 * (left - reserve) * (cipher.atOnce ?? 1)) / Math.max(1e-6, meter.secondsEach);
  return Math.max(1, Math.min(8 * keyBytes, Math.floor(within)));
}

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
  laboratory: Laboratory,
  deterministic: boolean,
): Promise<TrialRecord<Finding>[]> {
  const records: TrialRecord<Finding>[] = [];
  for (const name of blackBoxAttackNames) {
    const broken = records
      .filter(({ data }) => data?.broken)
      .map((record) => record.name as BlackBoxAttackName);
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

function gather(
  cipher: BlackBoxCipher,
  probed: Probe,
  found: Found,
  { level, seed, keyBytes }: JudgeRequest,
  meter: Meter,
  took: number,
): Judgement {
  const exact = found.exact.data?.exact ?? (found.picture.data?.injective === false ? false : null);
  const brokenBy = found.attacks.flatMap(breakOf).sort(byStrength);
  const { rows = [], refused = [], ...measuredRest } = found.measures.data ?? {};
  return {
    cipher: cipher.name,
    verdict: exact === false ? 'inexact' : brokenBy.length > 0 ? 'broken' : 'holds',
    exact,
    deterministic: probed.deterministic,
    brokenBy,
    withstood: found.attacks.flatMap(withstoodOf),
    properties: propertiesOf(found, probed, keyBytes),
    notRun: [...skipped(found), ...refused.map((why) => ({ attack: 'metrics of one picture', why }))],
    measures: rows,
    measured: found.measures.data ? (measuredRest as Omit<Measures, 'rows'>) : null,
    nist: found.nist.flatMap(({ data }) => (data ? [data] : [])),
    speed: found.speed.data ?? null,
    exactness: found.exact.data ?? null,
    remarks: [...(cipher.remarks?.() ?? []), ...mannersOf(probed)],
    level,
    seed,
    keyBytes,
    shape: probed.shape,
    queries: meter.queries,
    secondsEach: meter.secondsEach,
    seconds: took,
  };
}

export const breakOf = ({ name, seconds: s, data, pictures }: TrialRecord<Finding>): Break[] =>
  data?.broken
    ? [
        {
          attack: name,
          queries: data.queries,
          seconds: s,
          share: data.share,
          finding: data.finding,
          pictures,
        },
      ]
    : [];

/** First what gives the picture itself, then by share and queries. */
export function byStrength(a: Break, b: Break): number {
  const shows = ({ pictures }: Break): number => (pictures[0]?.endsWith('-recovered') ? 1 : 0);
  return shows(b) - shows(a) || b.share - a.share || a.queries - b.queries;
}

export const withstoodOf = ({ name, seconds: s, data }: TrialRecord<Finding>): Judgement['withstood'] =>
  data && !data.broken ? [{ attack: name, queries: data.queries, seconds: s, finding: data.finding }] : [];

/** Nothing is known. */
export const emptyProperties: Properties = {
  dependsOnPicture: null,
  authenticated: null,
  errorPropagation: null,
  lossPropagation: null,
  keyBits: null,
  triedKeyBits: null,
  effectiveKeyBits: null,
  ignoredKeyBits: null,
  refusedKeys: null,
  expansion: null,
  sameShape: null,
  differential: null,
  keySensitivity: null,
};

function skipped(found: Found): { attack: string; why: string }[] {
  const all = [
    found.exact,
    found.picture,
    ...found.attacks,
    found.differential,
    found.key,
    found.damage,
    found.measures,
    ...found.nist,
    found.speed,
  ];
  return all.flatMap(({ name, why }) => (why === undefined ? [] : [{ attack: name, why }]));
}

function mannersOf({ deterministic, steadySize, sameShape, cipherShape }: Probe): string[] {
  const { width, height, channels, depth } = cipherShape;
  return [
    ...(deterministic
      ? []
      : ['one picture under one key gives another cipher picture each time (a nonce, or chance)']),
    ...(steadySize ? [] : ['cipher pictures of one picture have different sizes']),
    ...(sameShape
      ? []
      : [
          `a cipher picture has another shape than its picture: ${width}x${height}x${channels} at ${depth} bits`,
        ]),
  ];
}

function propertiesOf(found: Found, { sameShape, shape, cipherShape }: Probe, keyBytes: number): Properties {
  const { data: key } = found.key;
  const { data: damage } = found.damage;
  const bytes = ({ width, height, channels, depth }: Probe['shape']): number =>
    (width * height * channels * depth) / 8;
  return {
    dependsOnPicture: found.picture.data?.depends ?? null,
    authenticated: damage?.authenticated ?? null,
    errorPropagation: damage?.errorPropagation ?? null,
    lossPropagation: damage?.lossPropagation ?? null,
    keyBits: 8 * keyBytes,
    triedKeyBits: key?.bits ?? null,
    effectiveKeyBits: key?.effectiveBits ?? null,
    ignoredKeyBits: key?.ignored.length ?? null,
    refusedKeys: key?.refused ?? null,
    expansion: bytes(cipherShape) / bytes(shape),
    sameShape,
    differential: found.differential.data ?? null,
    keySensitivity: key?.spread ?? null,
  };
}
