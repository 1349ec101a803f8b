/** Attacks run: on which target, with which images, timed, and what they leave behind. */
import { join } from 'node:path';
import {
  type AttackInput,
  type AttackName,
  type AttackOutcome,
  attackNames,
  attacks,
  type Target,
  targets,
} from '../attacks/index.ts';
import { baselineParams, checkParams, type PresetName, parametersFromSigmoid } from '../cipher/index.ts';
import { fromSeconds, secondsInDay, toSeconds } from '../data/datetime.ts';
import { encodePng, loadRaster, resizeRaster } from '../data/image.ts';
import { mriPhantom } from '../data/phantoms/mri.ts';
import { targetOf } from '../data/target.ts';
import { InputError } from '../shared/errors.ts';
import { makeFolder, readInput, writeJson, writeWhole } from '../shared/files.ts';
import { seconds } from '../shared/timing.ts';
import type { MapName, MapParams, Raster } from '../shared/types.ts';
import { median } from './cell.ts';
import { parseParams } from './encrypt-file.ts';

export type SchemeName = Target['scheme'];

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
  /** Each attack runs this often; the median time counts. */
  readonly repeats: number;
  /** Folder for attacks.json and the pictures. */
  readonly out?: string;
}

export interface AttackRecord extends Omit<AttackOutcome, 'pictures'> {
  readonly name: AttackName;
  readonly scheme: SchemeName;
  /** Median wall time of the whole attack, the target's own work included. */
  readonly seconds: number;
}

/** @throws InputError for wrong parameters or an unreadable image */
export async function runAttacks(request: AttackRequest): Promise<AttackRecord[]> {
  check(request);
  const { map, params } = parametersOf(request);
  const images = await imagesOf(request);
  const out = request.out === undefined ? null : await makeFolder(request.out);
  const records: AttackRecord[] = [];
  for (const name of request.names)
    for (const scheme of request.schemes) {
      const target = targets[scheme](map, params, request.preset);
      const extra = name === 'key-reuse' ? { secondsOfADay: secondsOfADay(map) } : {};
      const { outcome, time } = await timed(
        name,
        { target, ...images, ...request, ...extra },
        request.repeats,
      );
      const { pictures = {}, ...rest } = outcome;
      records.push({ name, scheme, seconds: time, ...rest });
      if (out !== null) await writePictures(join(out, scheme, name), pictures);
    }
  if (out !== null) await writeJson(join(out, 'attacks.json'), { map, params, attacks: records });
  return records;
}

function check({ size, trials, repeats }: AttackRequest): void {
  for (const [name, value] of Object.entries({ size, trials, repeats }))
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1 && value <= 10_000))
      throw new InputError(`"${name}" expected an integer from 1 to 10000, got ${value}`);
}

function parametersOf(request: AttackRequest): { map: MapName; params: MapParams } {
  const byHand = request.params === undefined ? undefined : parseParams(request.params);
  const map = request.map ?? (byHand?.length === 1 ? 'logistic' : 'lorenz');
  const params = byHand ?? baselineParams[map];
  checkParams(map, params);
  return { map, params };
}

async function timed(name: AttackName, input: AttackInput, repeats: number) {
  const times: number[] = [];
  let outcome: AttackOutcome | undefined;
  for (let k = 0; k < repeats; k++) {
    const started = seconds();
    outcome = await attacks[name](input);
    times.push(seconds() - started);
  }
  return { outcome: outcome!, time: median(times) };
}

/** The image to protect, and two brain slices of its shape that the attacker may know. */
export async function imagesOf({
  image,
  size,
  seed,
}: Pick<AttackRequest, 'image' | 'size' | 'seed'>): Promise<Pick<AttackInput, 'plain' | 'others'>> {
  const plain = image === undefined ? mriPhantom(size ?? 512, size ?? 512, seed) : await load(image, size);
  const others = [slice(plain, seed + 1), slice(plain, seed + 2)] as const;
  return { plain, others };
}

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

/** Each as FOLDER/<stem>.png. */
export async function writePictures(
  folder: string,
  pictures: Readonly<Record<string, Raster>>,
): Promise<void> {
  const entries = Object.entries(pictures);
  if (entries.length > 0) await makeFolder(folder);
  for (const [stem, raster] of entries)
    await writeWhole(join(folder, `${stem}.png`), await encodePng(raster));
}

/** `all`, or one name. @throws InputError listing the known ones */
export function attacksNamed(name: string): AttackName[] {
  if (name === 'all') return attackNames;
  const found = attackNames.find((known) => known === name);
  if (found) return [found];
  throw new InputError(`"name" expected all, date or one of ${attackNames.join(', ')}, got ${name}`);
}
