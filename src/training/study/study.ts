/**
 * What a trained regressor learned and what its keys are worth, measured on the network as `encrypt` uses it, one
 * date at a time: errors on unseen dates, the keys of a year, of the next second, without chaos, of other engines.
 */
import { parameterNames, parametersFromSigmoid } from '../../cipher/parameters.ts';
import type { Extra, Metadata } from '../../data/metadata/extra.ts';
import { syntheticDates } from '../../data/pairs/dates.ts';
import { readManifest } from '../../data/pairs/manifest.ts';
import { onWasm } from '../../engine/beside.ts';
import type { Engine } from '../../engine/engine.ts';
import { readRunJson, runFile } from '../../runs/run-files.ts';
import { readMetrics } from '../../runs/run-folder.ts';
import {
  daysInYear,
  formatWallClock,
  fromSeconds,
  secondsInDay,
  toSeconds,
  type WallClock,
} from '../../shared/datetime.ts';
import { InputError } from '../../shared/errors.ts';
import { writeJson } from '../../shared/files.ts';
import { type Progress, progressBar } from '../../shared/progress.ts';
import { permutation, stream } from '../../shared/random.ts';
import { type Dates, trainingDates, wantedOf } from '../batches.ts';
import { outputsOf, type TrainConfig } from '../config.ts';
import { manifestFile } from '../date-lesson.ts';
import { type HeldOut, heldOut, physicalErrors } from '../errors.ts';
import type { EpochRecord } from '../fit.ts';
import { recordDates } from '../records.ts';
import { type DateNetwork, openTrained, readDateTraining } from '../trained.ts';
import { type EngineDifference, engineDifference } from './engines.ts';
import {
  type KeyStatistics,
  keyStatistics,
  type SecondChange,
  secondChange,
  type WeakKeys,
  weakKeys,
} from './keys.ts';

export interface StudyOptions {
  /** Unseen dates, over the whole calendar span. */
  readonly dates: number;
  /** Seconds of the year, drawn at random. */
  readonly seconds: number;
}

const studyDefaults: StudyOptions = { dates: 2048, seconds: 4096 };

/** The year whose seconds are asked: 31,536,000 of them. */
const studyYear = 2021;
const changesAsked = 256;
const engineDates = 64;

/** Errors on dates that the training did not see. */
export interface Judged {
  readonly dates: number;
  readonly outputs: readonly HeldOut[];
  /** Root mean squared errors in units of the date; of target `calendar` only. */
  readonly date: readonly { readonly name: string; readonly rmse: number; readonly unit: string }[] | null;
}

/** The content of RUN/study.json. */
export interface Study {
  readonly version: 1;
  readonly net: string;
  readonly map: TrainConfig['map'];
  readonly target: string;
  readonly size: number;
  /** What the pictures of all dates but the records' show beside them: that of the first training pair; none unless trained with it. */
  readonly extra?: Extra | undefined;
  readonly engine: string;
  /** Images that the network has been trained with. */
  readonly imagesSeen: number;
  readonly unseen: Judged;
  /** On the test split of the manifest that it was trained with; null without one of two dates at least. */
  readonly records: Judged | null;
  /** The network says nearly the same to every date: no output spreads a tenth as far as its target. */
  readonly collapsed: boolean;
  readonly keys: Omit<KeyStatistics, 'closest'> & {
    readonly year: number;
    readonly closest: { readonly distance: number; readonly dates: readonly [string, string] } | null;
  };
  readonly nextSecond: SecondChange;
  readonly weak: WeakKeys;
  readonly engines: readonly EngineDifference[];
}

export const studyFile = (run: string): string => runFile(run, 'study');

/** A trained network and the pictures it is asked with. */
interface Subject {
  readonly config: TrainConfig;
  /** What it was trained and validated with, and of a manifest the dates that it was not. */
  readonly dates: Dates & { readonly test?: readonly Metadata[] };
  readonly engine: Engine;
  /** Its run folder. */
  readonly run: string;
}

/**
 * Studies a run's network and writes RUN/study.json.
 * @throws InputError if the folder holds no trained network, or a count is out of range
 */
export async function studyRun(given: string, engine: Engine, options = studyDefaults): Promise<Study> {
  checkCount('dates', options.dates, 64);
  checkCount('seconds', options.seconds, 256);
  const { run, config } = await readDateTraining(given);
  const dates = config.manifest ? recordDates(await readManifest(manifestFile(run))) : trainingDates(config);
  const subject = { config, dates, engine, run };
  const { net, map, target, size } = config;
  const extra = dates.train[0]?.extra;
  const head = { version: 1, net, map, target, size, ...(extra && { extra }), engine: engine.name } as const;
  const imagesSeen = await imagesSeenBy(run);
  const study = { ...head, imagesSeen, ...(await measured(subject, options)) };
  await writeJson(studyFile(run), study);
  return study;
}

/** On a fallback an answer takes up to 0.15 s (ResNet-18 at 224x224 on wasm): it asks fewer dates. */
export const studySize = ({ native }: Pick<Engine, 'native'>): StudyOptions =>
  native === null ? { dates: 256, seconds: 512 } : studyDefaults;

/** The study that RUN/study.json holds, if the network has not been trained further; else a new one. */
export async function studyOnce(run: string, engine: Engine, options = studySize(engine)): Promise<Study> {
  const before = await readRunJson<Study>(run, 'study').catch(() => null);
  if (before && before.imagesSeen === (await imagesSeenBy(run)) && before.engine === engine.name)
    return before;
  return studyRun(run, engine, options);
}

const imagesSeenBy = async (run: string): Promise<number> =>
  (await readMetrics<EpochRecord>(run)).at(-1)?.imagesSeen ?? 0;

function checkCount(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > 1e6)
    throw new InputError(`"${name}" expected an integer from ${least} to 1000000, got ${value}`);
}

async function measured(subject: Subject, options: StudyOptions) {
  const { config, engine, run } = subject;
  const model = await openTrained(run, { engine });
  const records = someOf(subject.dates.test ?? [], options.dates, config.seed);
  const total = options.dates + records.length + options.seconds + changesAsked;
  const bar = progressBar(`study ${config.map} + ${config.net}`, total);
  const ask = asker(model, bar, total);
  try {
    const like = sameExtra(subject);
    const dates = unseenDates(subject, options.dates).map(like);
    const said = await ask(dates);
    const unseen = judged(config, dates, said);
    const year = yearSeconds(options.seconds, config.seed).map(like);
    const keys = await ask(year);
    const before = year.slice(0, changesAsked);
    const after = await ask(before.map((when) => like(fromSeconds(toSeconds(when) + 1))));
    const params = said.map((s) => parametersFromSigmoid(config.map, s));
    const some = { dates: dates.slice(0, engineDates), ours: said.slice(0, engineDates) };
    return {
      unseen,
      records: records.length < 2 ? null : judged(config, records, await ask(records)),
      collapsed: unseen.outputs.every(({ spread }) => spread < 0.1),
      keys: yearKeys(year, keys),
      nextSecond: secondChange(keys.slice(0, changesAsked), after),
      weak: weakKeys(config.map, params),
      engines: await otherEngines(subject, model, some),
    };
  } finally {
    bar.stop();
    model.dispose();
  }
}

/** Dates that no image has, as if they were of the image of the first training pair. */
function sameExtra({ dates: { train } }: Subject): (when: WallClock) => Metadata {
  const extra = train[0]?.extra;
  return (when) => (extra ? { ...when, extra } : when);
}

/** Outputs of dates, one at a time, as `encrypt` asks. */
function asker(model: DateNetwork, bar: Progress, total: number) {
  let done = 0;
  return async (dates: readonly Metadata[]): Promise<Float32Array[]> => {
    const outputs: Float32Array[] = [];
    for (const when of dates) {
      bar.update(++done, 'dates', total);
      outputs.push(...(await model.outputs([when])));
    }
    return outputs;
  };
}

/** Neither trained on nor validated with. */
function unseenDates({ config, dates: { train, val } }: Subject, count: number): WallClock[] {
  const seen = new Set([...train, ...val].map(toSeconds));
  const drawn = syntheticDates(Math.min(1e7, 2 * count + 1000), config.seed, 'study');
  return drawn.filter((when) => !seen.has(toSeconds(when))).slice(0, count);
}

/** All, or so many of them drawn by the seed. */
function someOf(dates: readonly Metadata[], count: number, seed: number): Metadata[] {
  const order = permutation(dates.length, stream(seed, 'study', 'records'));
  return Array.from(order.subarray(0, count), (i) => dates[i]!);
}

function judged(config: TrainConfig, dates: readonly WallClock[], said: readonly Float32Array[]): Judged {
  const outputs = heldOut(said, targets(config, dates), parameterNames[config.map]);
  return { dates: dates.length, outputs, date: dateErrors(config, outputs) };
}

function targets(config: TrainConfig, dates: readonly WallClock[]): Float32Array[] {
  const each = outputsOf(config);
  const y = wantedOf(config, dates);
  return dates.map((_, i) => y.subarray(i * each, (i + 1) * each));
}

function dateErrors(config: TrainConfig, outputs: readonly HeldOut[]) {
  const { date } = physicalErrors(
    config,
    outputs.map(({ rmse }) => rmse),
  );
  return date?.map(({ name, mae, unit }) => ({ name, rmse: mae, unit: unit! })) ?? null;
}

const inYear = daysInYear(studyYear) * secondsInDay;

/** Distinct seconds of the year, at random; the last one is left out, so that each has a next in the year. */
function yearSeconds(count: number, seed: number): WallClock[] {
  const random = stream(seed, 'study', 'year');
  const first = toSeconds({ year: studyYear, month: 1, day: 1, hour: 0, minute: 0, second: 0 });
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(first + random.int(inYear - 1));
  return [...chosen].map(fromSeconds);
}

function yearKeys(dates: readonly WallClock[], keys: readonly Float32Array[]): Study['keys'] {
  const { closest, ...rest } = keyStatistics(keys, inYear);
  const named = ([a, b]: readonly [number, number]): [string, string] => [
    formatWallClock(dates[a]!),
    formatWallClock(dates[b]!),
  ];
  return {
    year: studyYear,
    ...rest,
    closest: closest && { distance: closest.distance, dates: named(closest.of) },
  };
}

/** In batches, and on WebAssembly where that is not the engine. */
async function otherEngines(
  { config, engine, run }: Subject,
  model: DateNetwork,
  { dates, ours }: { dates: readonly Metadata[]; ours: readonly Float32Array[] },
): Promise<EngineDifference[]> {
  const compare = (name: string, batch: number, theirs: readonly Float32Array[]): EngineDifference =>
    engineDifference(config.map, { engine: name, batch }, ours, theirs);
  const batched: EngineDifference[] = [];
  for (const batch of [16, 64])
    batched.push(compare(engine.name, batch, await model.outputs(dates, { batch })));
  if (engine.name === 'wasm' || engine.name === 'cpu') return batched;
  const wasm = await onWasm(engine, async (other) => {
    const theirs = await openTrained(run, { engine: other });
    const outputs = await theirs.outputs(dates);
    theirs.dispose();
    return compare('wasm', 1, outputs);
  });
  return [...batched, wasm];
}
