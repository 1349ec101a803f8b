/**
 * Brute force of the date: the network is public, so a key is no better hidden than the second that it was made from.
 * All seconds of a span go through the network in batches and their keys through src/attacks/parameter-search.ts.
 * The victim encrypts as `encrypt` does, date by date; the attacker has the cipher image, the network and the span.
 */
import { partyOf } from '../attacks/index.ts';
import { type Found, parameterSearch } from '../attacks/parameter-search.ts';
import { defaultMap, type MapName } from '../chaos/maps.ts';
import {
  type PaperOptions,
  parametersFromSigmoid,
  presets,
  type SchemeName,
  sampleHash,
  schemes,
} from '../cipher/index.ts';
import type { Later } from '../executors/executor.ts';
import type { AttackShown } from '../report/attack-section.ts';
import {
  formatWallClock,
  fromSeconds,
  parseWallClock,
  secondsInDay,
  toSeconds,
  type WallClock,
} from '../shared/datetime.ts';
import { InputError } from '../shared/errors.ts';
import { makeFolder } from '../shared/files.ts';
import { progressBar } from '../shared/progress.ts';
import { seconds } from '../shared/timing.ts';
import type { NetName, Raster } from '../shared/types.ts';
import { findTraining, openTrained } from '../training/trained.ts';
import { type AttackRequest, imagesOf } from './attack.ts';
import { writeAttacks, writePictures } from './attack-files.ts';

/** Sigmoid outputs for many dates at once. */
type Answer = (dates: readonly WallClock[]) => Later<Float32Array[]>;

export interface DateSearch {
  readonly cipher: Raster;
  readonly map: MapName;
  readonly options: PaperOptions;
  /** First second, and how many. */
  readonly from: WallClock;
  readonly span: number;
  readonly ulps: number;
  readonly batch: number;
}

export interface DateSearchResult {
  readonly found: (Found & { readonly date: string }) | null;
  /** Seconds put through the network, keys tested. */
  readonly dates: number;
  readonly keys: number;
  readonly networkSeconds: number;
  readonly keySeconds: number;
}

/** @throws InputError for an empty span or an image too narrow */
export async function searchDates(network: Answer, search: DateSearch): Promise<DateSearchResult> {
  const { cipher, map, options, from, span, ulps, batch } = search;
  const first = toSeconds(from);
  const trial = parameterSearch(cipher, map, options, ulps);
  const bar = progressBar('dates', span);
  let [networkSeconds, keySeconds] = [0, 0];
  for (let at = 0; at < span; at += batch) {
    const dates = Array.from({ length: Math.min(batch, span - at) }, (_, k) => fromSeconds(first + at + k));
    const started = seconds();
    const outputs = await network(dates);
    const answered = seconds();
    outputs.forEach((values, k) => {
      trial.tryOutputs(at + k, values);
    });
    networkSeconds += answered - started;
    keySeconds += seconds() - answered;
    bar.update(at + dates.length);
  }
  const started = seconds();
  const found = trial.finish();
  keySeconds += seconds() - started;
  bar.stop();
  const dated = found && { ...found, date: formatWallClock(fromSeconds(first + found.at)) };
  return { found: dated, dates: span, keys: trial.tried, networkSeconds, keySeconds };
}

export interface DateAttackRequest
  extends Pick<AttackRequest, 'image' | 'size' | 'seed' | 'schemes' | 'preset' | 'out' | 'map'> {
  readonly net: NetName;
  readonly model?: string;
  /** The victim's secret second. */
  readonly date: string;
  /** The attacker's knowledge: the first second of the span (default: midnight of that day) and its length. */
  readonly from?: string;
  readonly span: number;
  readonly ulps: number;
  readonly batch: number;
}

export interface DateAttackRecord extends AttackShown {
  readonly name: 'date';
  readonly scheme: SchemeName;
  readonly queries: 0;
  readonly details: Readonly<Record<string, unknown>>;
}

/** @throws InputError for a wrong date or span, or if there is no trained network */
export async function runDateAttack(request: DateAttackRequest): Promise<DateAttackRecord[]> {
  const { map = defaultMap, net, model, preset, out } = request;
  const when = parseWallClock(request.date);
  const from = request.from === undefined ? midnight(when) : parseWallClock(request.from);
  check(request);
  const { plain } = await imagesOf(request);
  const { run } = await findTraining({ map, net, model });
  const network = await openTrained(run);
  try {
    const [secret] = await network.outputs([when]);
    const params = parametersFromSigmoid(map, secret!);
    const records: DateAttackRecord[] = [];
    for (const scheme of request.schemes) {
      const { cipher } = partyOf(schemes[scheme], { map, params, preset }).encrypt(plain);
      const result = await searchDates((dates) => network.outputs(dates, { batch: dates.length }), {
        ...request,
        cipher,
        map,
        options: presets[preset],
        from,
      });
      const pictures = { plain, cipher, ...(result.found && { recovered: result.found.image }) };
      const pictureNames = Object.keys(pictures);
      records.push({ ...record(scheme, plain, result, network.run), pictureNames });
      if (out !== undefined) await writePictures(`${await makeFolder(out)}/${scheme}/date`, pictures);
    }
    if (out !== undefined) await writeAttacks(out, {}, records);
    return records;
  } finally {
    network.dispose();
  }
}

const midnight = (when: WallClock): WallClock => ({ ...when, hour: 0, minute: 0, second: 0 });

function check({ span, ulps, batch }: DateAttackRequest): void {
  const whole = (name: string, value: number, low: number, high: number): void => {
    if (!Number.isSafeInteger(value) || value < low || value > high)
      throw new InputError(`"${name}" expected an integer from ${low} to ${high}, got ${value}`);
  };
  whole('span', span, 1, 366 * secondsInDay);
  whole('ulps', ulps, 0, 8);
  whole('batch', batch, 1, 1024);
}

function record(
  scheme: SchemeName,
  plain: Raster,
  result: DateSearchResult,
  run: string,
): Omit<DateAttackRecord, 'pictureNames'> {
  const { found, dates, keys, networkSeconds, keySeconds } = result;
  const time = networkSeconds + keySeconds;
  const exact = found !== null && sampleHash(found.image) === sampleHash(plain);
  const speed = `${dates} dates in ${time.toFixed(1)} s, ${Math.round(dates / time)} a second`;
  return {
    name: 'date',
    scheme,
    success: exact,
    rounds: 1,
    successRate: exact ? 1 : 0,
    queries: 0,
    seconds: time,
    finding: found
      ? `${speed}: ${found.date} decrypts the image${exact ? ' bit for bit' : ', not exactly'}`
      : `${speed}: no date decrypts the image`,
    details: {
      run,
      dates,
      keys,
      networkSeconds,
      keySeconds,
      datesPerSecond: dates / time,
      date: found?.date ?? null,
      parameters: found?.params ?? null,
      roughness: found?.roughness ?? null,
    },
  };
}
