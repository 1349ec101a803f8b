/**
 * A part of the brute force of a date (src/judge/attack-date.ts): the attacker has one cipher image of the paper's scheme,
 * the public network, and a span of years. Once a part has found the date, those that have not begun are let be.
 */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type MapName, mapNames } from '../../chaos/maps.ts';
import { type PresetName, parameterNames, presets } from '../../cipher/index.ts';
import { encodePng, loadRaster } from '../../data/images/image.ts';
import { spanSeconds, targetOf } from '../../data/pairs/target.ts';
import { searchDates } from '../../judge/attack-date.ts';
import type { NetworkName } from '../../models/networks.ts';
import {
  formatWallClock,
  fromSeconds,
  parseWallClock,
  toSeconds,
  type WallClock,
} from '../../shared/datetime.ts';
import { InputError } from '../../shared/errors.ts';
import { readInput, writeJson, writeWhole } from '../../shared/files.ts';
import { checked, integer, oneOf, z } from '../../shared/schema.ts';
import type { MapParams } from '../../shared/types.ts';
import { checkShard, jobId, rangeOf, type Sharded } from '../shard.ts';
import { asWork, type Config, type Measures, type Merged, type Part } from '../work.ts';

export interface DateSearchConfig extends Sharded {
  /** The cipher image, `NAME.cipher.png`. */
  readonly cipher: string;
  readonly map: MapName;
  readonly preset: PresetName;
  /** `exact`: the calendar's targets themselves, as of a network without error. */
  readonly source: 'network' | 'exact';
  readonly net: NetworkName;
  /** Run folder; null: the newest that fits. */
  readonly model: string | null;
  /** First second and number of seconds of all parts together. */
  readonly from: string;
  readonly span: number;
  /** Neighbours of each output that are tried too, and dates a batch of the network. */
  readonly ulps: number;
  readonly batch: number;
  /** Whether parts that begin after the date was found do nothing. */
  readonly stop: boolean;
  readonly seed: number;
}

const defaults: DateSearchConfig = {
  cipher: 'NAME.cipher.png',
  map: 'lorenz',
  preset: 'paper',
  source: 'network',
  net: 'resnet18',
  model: null,
  from: '2023-01-01T00:00:00',
  span: 31_536_000,
  ulps: 2,
  batch: 64,
  stop: true,
  shard: 0,
  shards: 365,
  seed: 1,
};

/** A part remembers all keys that it tried; a set of JavaScript holds 2^24. */
const mostKeys = 2 ** 24 - 2 ** 16;

const schema = z.looseObject({
  map: oneOf(mapNames),
  preset: oneOf(Object.keys(presets)),
  source: oneOf(['network', 'exact']),
  span: integer(1, spanSeconds),
  ulps: integer(0, 8),
  batch: integer(1, 1024),
});

/** @throws InputError naming the first value that is wrong */
function check(config: DateSearchConfig): void {
  checkShard(config);
  const { map, from, span, shards, ulps } = config;
  checked(schema, config);
  parseWallClock(from);
  const keys = Math.ceil(span / shards) * (parameterNames[map].length === 1 ? 2 * ulps + 1 : 1);
  if (keys > mostKeys)
    throw new InputError(
      `"shards" expected at least ${Math.ceil((shards * keys) / mostKeys)} for this span, got ${shards}: ` +
        `a part can try ${mostKeys} keys`,
    );
}

interface FoundDate {
  readonly date: string;
  readonly params: MapParams;
  /** Of the decrypted picture: noise has 1/3. */
  readonly roughness: number;
}

/** Beside the cells of the sweep, for all parts of the job. */
const noticeOf = (config: DateSearchConfig, folder: string): string =>
  join(dirname(folder), `found-${jobId(config as unknown as Config)}.json`);
const foundIn = (folder: string): string => join(folder, 'found.json');

async function run(config: DateSearchConfig, folder: string): Promise<Measures> {
  const notice = noticeOf(config, folder);
  const nothing = { dates: 0, keys: 0, network_s: 0, key_s: 0, found: 0, let_be: 1 };
  if (config.stop && existsSync(notice)) return nothing;
  const { map, preset, ulps, batch } = config;
  const cipher = await loadRaster(await readInput(config.cipher, 'cipher image'), config.cipher, 'native');
  const { first, count } = rangeOf(config.span, config);
  const from = fromSeconds(toSeconds(parseWallClock(config.from)) + first);
  const network = await openSource(config);
  try {
    const search = { cipher, map, options: presets[preset], from, span: count, ulps, batch };
    const { found, dates, keys, networkSeconds, keySeconds } = await searchDates(network.outputs, search);
    if (found) {
      const { date, params, roughness, image } = found;
      await writeWhole(join(folder, 'recovered.png'), await encodePng(image));
      await writeJson(foundIn(folder), { date, params, roughness } satisfies FoundDate);
      await writeJson(notice, { date, folder });
    }
    return { dates, keys, network_s: networkSeconds, key_s: keySeconds, found: found ? 1 : 0, let_be: 0 };
  } finally {
    network.dispose();
  }
}

interface Source {
  outputs(dates: readonly WallClock[]): Promise<Float32Array[]> | Float32Array[];
  dispose(): void;
}

/** TensorFlow is loaded for a network only. */
async function openSource({ source, map, net, model, seed }: DateSearchConfig): Promise<Source> {
  if (source === 'exact') {
    const exact = (when: WallClock) => Float32Array.from(targetOf(when, map, 'calendar', seed));
    return { outputs: (dates) => dates.map(exact), dispose: () => undefined };
  }
  const { findTraining, openTrained } = await import('../../training/trained.ts');
  const { run } = await findTraining({ map, net, model: model ?? undefined });
  const { outputs, dispose } = await openTrained(run);
  return { outputs: (dates) => outputs(dates, { batch: dates.length }), dispose };
}

async function merge(parts: readonly Part<DateSearchConfig>[]): Promise<Merged> {
  const done = parts.filter(({ state }) => state === 'done');
  const sum = (name: string): number => done.reduce((total, part) => total + (part.measures[name] ?? 0), 0);
  const found = (await Promise.all(done.map(readFound))).filter((one) => one !== null);
  const best = found.toSorted((a, b) => a.roughness - b.roughness)[0] ?? null;
  const [dates, keys, letBe] = [sum('dates'), sum('keys'), sum('let_be')];
  const time = sum('network_s') + sum('key_s');
  const datesPerSecond = time > 0 ? dates / time : null;
  const speed = datesPerSecond === null ? '' : `, ${Math.round(datesPerSecond)} a second and process`;
  const verdict = best ? `Found: ${best.date} decrypts the image` : spanText(parts);
  const text = `${verdict}. ${dates} dates, ${keys} keys tried${speed}; ${letBe} part${letBe === 1 ? '' : 's'} had nothing left to do.`;
  return { json: { found: best, dates, keys, letBe, datesPerSecond }, text };
}

const readFound = async ({ folder }: { readonly folder: string }): Promise<FoundDate | null> =>
  JSON.parse(await readFile(foundIn(folder), 'utf8').catch(() => 'null')) as FoundDate | null;

function spanText([part]: readonly Part<DateSearchConfig>[]): string {
  if (!part) return 'No part is done';
  const { from, span } = part.config;
  const last = formatWallClock(fromSeconds(toSeconds(parseWallClock(from)) + span - 1));
  return `Not found in the parts of ${from} to ${last} that are done`;
}

export default asWork<DateSearchConfig>({ defaults, check, run, merge });
