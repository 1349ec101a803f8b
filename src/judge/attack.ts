/** Runs attacks: targets, images, times, results. */
import { join } from 'node:path';
import {
  type AttackInput,
  type AttackName,
  type AttackOutcome,
  attackNames,
  attacks,
  type Property,
  partyOf,
  propertyOf,
} from '../attacks/index.ts';
import { searchParameters } from '../attacks/parameters/search.ts';
import { type MapName, mapTaking } from '../chaos/maps.ts';
import {
  baselineParams,
  checkParams,
  type PresetName,
  parametersFromSigmoid,
  presets,
  type SchemeName,
  schemes,
} from '../cipher/index.ts';
import { loadRaster, resizeRaster } from '../data/images/image.ts';
import { mriPhantom } from '../data/images/phantoms/mri.ts';
import { targetOf } from '../data/pairs/target.ts';
import type { AttackShown } from '../report/attack-section.ts';
import { parseParams } from '../sealing/encrypt-file.ts';
import { fromSeconds, secondsInDay, toSeconds } from '../shared/datetime.ts';
import { InputError } from '../shared/errors.ts';
import { makeFolder, readInput } from '../shared/files.ts';
import { progressBar } from '../shared/progress.ts';
import { stream } from '../shared/random.ts';
import { median } from '../shared/stats.ts';
import { seconds } from '../shared/timing.ts';
import type { MapParams, Raster } from '../shared/types.ts';
import { writeAttacks, writePictures } from './attack-files.ts';

export interface AttackRequest {
  readonly names: readonly AttackName[];
  readonly schemes: readonly SchemeName[];
  /** The image to protect; without it a generated brain slice. */
  readonly image?: string;
  readonly map?: MapName;
  /** Default: the paper's fixed parameters. */
  readonly params?: string;
  readonly preset: PresetName;
  /** Width and height of the generated image, or to resize the given one to. */
  readonly size?: number;
  readonly seed: number;
  readonly trials: number;
  /** Rounds: each attack runs so often, every time with another key and other known images; the median time counts. */
  readonly repeats: number;
  /** Folder for attacks.json, attacks.html and the pictures. */
  readonly out?: string;
}

export interface AttackRecord extends AttackShown, Omit<AttackOutcome, 'pictures'> {
  readonly name: AttackName;
  readonly scheme: SchemeName;
  readonly property: Property | null;
}

/** @throws InputError for wrong parameters or an unreadable image */
export async function runAttacks(request: AttackRequest): Promise<AttackRecord[]> {
  check(request);
  const { map, params } = parametersOf(request);
  const rounds = await roundsOf(request, map, params);
  const out = request.out === undefined ? null : await makeFolder(request.out);
  const bar = progressBar('attacks', request.names.length * request.schemes.length);
  const records: AttackRecord[] = [];
  for (const name of request.names)
    for (const scheme of request.schemes) {
      bar.update(records.length, `${scheme} ${name}`);
      const { pictures, ...record } = await attackAll(name, scheme, map, rounds, request);
      records.push(record);
      if (out !== null) await writePictures(join(out, scheme, name), pictures);
    }
  bar.stop();
  if (out !== null) await writeAttacks(out, { map, params }, records);
  return records;
}

/** One key with its images. */
interface Round extends Pick<AttackInput, 'plain' | 'others' | 'seed'> {
  readonly params: MapParams;
  readonly secret: Uint8Array;
}

/** The first round has the given key and image; each other one its own seed and, unless given by hand, its own key. */
async function roundsOf(request: AttackRequest, map: MapName, params: MapParams): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let k = 0; k < request.repeats; k++) {
    const seed = request.seed + 1000 * k;
    const random = stream(request.seed, 'attack key', k);
    const drawn = Float32Array.from(params, () => random.next());
    const own = k === 0 || request.params !== undefined ? params : parametersFromSigmoid(map, drawn);
    const secret = Uint8Array.from({ length: 32 }, () => random.int(256));
    rounds.push({ params: own, secret, seed, ...(await imagesOf({ ...request, seed })) });
  }
  return rounds;
}

/** One attack in every round. Message and pictures are those of the first round that succeeds, else of round 1. */
async function attackAll(
  name: AttackName,
  scheme: SchemeName,
  map: MapName,
  rounds: readonly Round[],
  { trials, preset }: AttackRequest,
): Promise<AttackRecord & { pictures: Readonly<Record<string, Raster>> }> {
  const extra = {
    ...(name === 'key-reuse' && { secondsOfADay: secondsOfADay(map) }),
    ...(name === 'ciphertext-only' && scheme === 'paper' && searchOf(map, preset)),
  };
  const times: number[] = [];
  const outcomes: AttackOutcome[] = [];
  for (const { params, secret, ...images } of rounds) {
    const party = partyOf(schemes[scheme], { map, params, preset, secret });
    const started = seconds();
    outcomes.push(await attacks[name]({ party, ...images, trials, ...extra }));
    times.push(seconds() - started);
  }
  const succeeded = outcomes.filter(({ success }) => success);
  const { pictures = {}, ...told } = succeeded[0] ?? outcomes[0]!;
  const rate = { rounds: rounds.length, successRate: succeeded.length / rounds.length };
  const shown = { pictureNames: Object.keys(pictures), pictures };
  return { name, scheme, property: propertyOf(name), seconds: median(times), ...rate, ...told, ...shown };
}

/** The search for parameters, its cheapest pass alone: `attack parameters` runs the others too. */
function searchOf(map: MapName, preset: PresetName): Pick<AttackInput, 'search'> {
  if (map !== 'logistic' && map !== 'lorenz') return {};
  const options = presets[preset];
  return {
    search: async (cipher) => {
      try {
        return await searchParameters(cipher, map, { options, mostPasses: 1 });
      } catch (error) {
        if (error instanceof InputError) return { found: null, tried: 0, reached: error.message };
        throw error;
      }
    },
  };
}

function check({ size, trials, repeats }: AttackRequest): void {
  for (const [name, value] of Object.entries({ size, trials, repeats }))
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1 && value <= 10_000))
      throw new InputError(`"${name}" expected an integer from 1 to 10000, got ${value}`);
}

function parametersOf(request: AttackRequest): { map: MapName; params: MapParams } {
  const byHand = request.params === undefined ? undefined : parseParams(request.params);
  const map = request.map ?? mapTaking(byHand);
  const params = byHand ?? baselineParams[map];
  checkParams(map, params);
  return { map, params };
}

/** The image to protect, and two brain slices of its shape that the attacker may know. */
export async function imagesOf({
  image,
  size,
  seed,
}: Pick<AttackRequest, 'image' | 'size' | 'seed'>): Promise<Pick<AttackInput, 'plain' | 'others'>> {
  const plain = image === undefined ? mriPhantom(size ?? 512, size ?? 512, seed) : await load(image, size);
  return { plain, others: othersLike(plain, seed) };
}

/** Two images of its shape that the attacker may know. */
export const othersLike = (plain: Raster, seed: number): AttackInput['others'] => [
  slice(plain, seed + 1),
  slice(plain, seed + 2),
];

async function load(path: string, size: number | undefined): Promise<Raster> {
  const raster = await loadRaster(await readInput(path, 'image'), path, 'native');
  return size === undefined ? raster : resizeRaster(raster, size, size);
}

/** A generated brain slice with as many channels and bits as the model image. */
function slice({ width, height, channels, depth }: Raster, seed: number): Raster {
  const grey = mriPhantom(width, height, seed).data;
  const n = grey.length * channels;
  const data = depth === 8 ? new Uint8Array(n) : new Uint16Array(n);
  const scale = depth === 8 ? 1 : 257;
  for (let k = 0; k < n; k++) data[k] = scale * grey[Math.floor(k / channels)]!;
  return { width, height, channels, depth, data };
}

/** The parameters that a network without error gives for each second of 2023-03-04, after its float32 sigmoid. */
function secondsOfADay(map: MapName): MapParams[] {
  const midnight = toSeconds({ year: 2023, month: 3, day: 4, hour: 0, minute: 0, second: 0 });
  return Array.from({ length: secondsInDay }, (_, k) =>
    parametersFromSigmoid(map, Float32Array.from(targetOf(fromSeconds(midnight + k), map, 'calendar', 1))),
  );
}

/** `all`, or one name. @throws InputError listing the known ones */
export function attacksNamed(name: string): AttackName[] {
  if (name === 'all') return attackNames;
  const found = attackNames.find((known) => known === name);
  if (found) return [found];
  throw new InputError(`"name" expected all, date or one of ${attackNames.join(', ')}, got ${name}`);
}
