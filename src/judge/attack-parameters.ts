/**
 * `attack parameters`: the key of one cipher picture, from the picture alone. With a folder a
 * killed search goes on: DIR/NAME.search.json has its state until it ends.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { roughness } from '../attacks/parameter-search.ts';
import { searchParameters } from '../attacks/parameters/search.ts';
import type { SearchResult, SearchState } from '../attacks/parameters/types.ts';
import type { PaperMap } from '../chaos/maps.ts';
import { type PresetName, parameterNames, presets, sampleHash } from '../cipher/index.ts';
import { encodePng, loadRaster } from '../data/images/image.ts';
import { InputError } from '../shared/errors.ts';
import { makeFolder, readInput, writeJson, writeWhole } from '../shared/files.ts';
import { progressBar } from '../shared/progress.ts';
import { refuseTwice, shownName } from '../shared/standard-streams.ts';
import { seconds } from '../shared/timing.ts';
import type { MapParams, Raster } from '../shared/types.ts';
import { nameOf } from '../shared/user-files.ts';

export interface ParametersRequest {
  readonly cipher: string;
  /** Without one, both are tried. */
  readonly map?: PaperMap | undefined;
  readonly preset: PresetName;
  /** The plain picture of this cipher picture, where it is known. */
  readonly plain?: string | undefined;
  /** Folder of the recovered picture and of the search's state; without one the picture goes into this folder, and a search starts anew. */
  readonly out?: string | undefined;
}

export interface ParametersRecord {
  readonly found: boolean;
  readonly map: PaperMap;
  readonly preset: PresetName;
  readonly parameters: MapParams | null;
  /** The last samples decrypt to a picture too (with `plain`: all samples are the plain picture's). */
  readonly exact: boolean;
  readonly tried: number;
  readonly seconds: number;
  /** File of the recovered picture. */
  readonly recovered: string | null;
  readonly finding: string;
}

/** @throws InputError for an unreadable picture, or a search that cannot work */
export async function attackParameters(request: ParametersRequest): Promise<ParametersRecord> {
  refuseTwice([request.cipher, request.plain]);
  const cipher = await load(request.cipher);
  const plain = request.plain === undefined ? undefined : await load(request.plain);
  if (!plain && roughness(cipher) < smooth)
    throw new InputError(
      `${request.cipher} expected a cipher picture, got one whose neighbours are alike; give the file that encrypt wrote`,
    );
  const folder = await makeFolder(request.out ?? '.');
  const maps = request.map ? [request.map] : mapsFor(request.preset);
  let record: ParametersRecord | null = null;
  for (const map of maps) {
    record = await searchOne(request, { cipher, plain, map, folder });
    if (record.found) break;
  }
  return record!;
}

const mapsFor = (preset: PresetName): PaperMap[] =>
  presets[preset].burnIn === 0 ? ['logistic', 'lorenz'] : ['logistic'];

const load = async (path: string): Promise<Raster> =>
  loadRaster(await readInput(path, 'image'), shownName(path), 'native');

interface Search {
  readonly cipher: Raster;
  readonly plain: Raster | undefined;
  readonly map: PaperMap;
  readonly folder: string;
}

async function searchOne(request: ParametersRequest, search: Search): Promise<ParametersRecord> {
  const { preset } = request;
  const { cipher, plain, map, folder } = search;
  const stem = join(folder, nameOf(request.cipher));
  const state = request.out === undefined ? null : stateOf(stem, preset, search);
  const bar = progressBar(`parameters ${map}`, 100);
  const started = seconds();
  const result = await searchParameters(cipher, map, {
    options: presets[preset],
    ...(plain && { plain }),
    ...(state && { saved: await state.read(), onState: state.write }),
    onProgress: (share, note) => bar.update(Math.round(100 * share), note),
  });
  bar.stop();
  const took = seconds() - started;
  await state?.remove();
  const recovered = result.found ? `${stem}.recovered.png` : null;
  if (result.found && recovered) await writeWhole(recovered, await encodePng(result.found.image));
  return { ...recordOf(result, search, preset, took), recovered };
}

/** The file from which a killed search goes on. */
const stateOf = (stem: string, preset: PresetName, { cipher, plain, map }: Search) =>
  stateFile(`${stem}.search.json`, {
    version: 2,
    cipher: sampleHash(cipher),
    map,
    preset,
    plain: plain !== undefined,
  });

function recordOf(
  { found, tried, reached }: SearchResult,
  { plain, map }: Search,
  preset: PresetName,
  took: number,
): Omit<ParametersRecord, 'recovered'> {
  const exact = found !== null && (plain ? sampleHash(found.image) === sampleHash(plain) : found.exact);
  const names = parameterNames[map].map((name, i) => `${name} = ${found?.params[i]}`).join(', ');
  const finding = found
    ? `${map}, ${names}: the picture is recovered ${exact ? 'to its last sample' : 'in part'}, in ${took.toFixed(1)} s`
    : `${map}: no parameters found in ${took.toFixed(1)} s; ${reached}; ${advice(map, preset)}`;
  const parameters = found?.params ?? null;
  return { found: found !== null, map, preset, parameters, exact, tried, seconds: took, finding };
}

/** Mean |difference| of neighbours over the range: a third in noise, more than this in the cipher of a weak key, less in a picture. */
const smooth = 0.1;

/** Where else the key may be. */
function advice(map: PaperMap, preset: PresetName): string {
  const other = map === 'logistic' ? 'lorenz' : 'logistic';
  const presetToo = preset === 'paper' ? ' or --preset sound' : ' or --preset paper';
  return `is the picture encrypted by --scheme paper? Then try --map ${other}${presetToo}`;
}

/** Seconds between two states that are written. */
const pause = 5;

/** The state of a search in a file, of use for this very search only. */
function stateFile(path: string, head: Readonly<Record<string, unknown>>) {
  let last = seconds();
  return {
    async read(): Promise<SearchState> {
      try {
        const { search, ...rest } = JSON.parse((await readInput(path)).toString('utf8'));
        return JSON.stringify(rest) === JSON.stringify(head) ? search : {};
      } catch {
        return {};
      }
    },
    async write(search: SearchState): Promise<void> {
      if (seconds() - last < pause) return;
      last = seconds();
      await writeJson(path, { ...head, search });
    },
    remove: (): Promise<void> => rm(path, { force: true }),
  };
}

/** The request of a command line. @throws InputError without a picture */
export function cipherOf(image: string | undefined): string {
  if (image !== undefined) return image;
  throw new InputError('"image" expected a cipher picture, got none; give attack parameters CIPHER.png');
}

/** The paper's maps alone. @throws InputError for another */
export function mapOf(name: string | undefined): PaperMap | undefined {
  if (name === undefined || name === 'logistic' || name === 'lorenz') return name;
  throw new InputError(`--map expected logistic or lorenz for attack parameters, got ${name}`);
}
