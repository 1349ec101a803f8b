/** Cipher pictures of the run recovered from each alone: no network, no date, no query, no known picture. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { agreement } from '../attacks/images.ts';
import { searchParameters } from '../attacks/parameters/search.ts';
import type { SearchOptions, SearchResult } from '../attacks/parameters/types.ts';
import { type PresetName, parameterNames, presets } from '../cipher/index.ts';
import { encodePng, loadRaster } from '../data/images/image.ts';
import { writePictures } from '../judge/attack-files.ts';
import type { AttackShown } from '../report/attack-section.ts';
import { InputError } from '../shared/errors.ts';
import { readInput, writeWhole } from '../shared/files.ts';
import { progressBar } from '../shared/progress.ts';
import { median } from '../shared/stats.ts';
import { seconds } from '../shared/timing.ts';
import type { Raster } from '../shared/types.ts';
import { type RecoveredPicture, readRecovered, writeRecovered } from '../tables/recovered.ts';
import type { CellRecord, MethodId } from '../tables/results.ts';
import { methodOf } from './parameter-source.ts';

/** One picture for each map, its key from a network. */
const chosen: readonly { readonly image: string; readonly method: MethodId }[] = [
  { image: 'table7a', method: 'logistic+resnet18' },
  { image: 'table7a', method: 'lorenz+resnet18' },
];

/**
 * Writes OUT/recovered.json and OUT/images/<image>/<method>/recovered.png. A search of an earlier run of this folder counts.
 * @param limits narrower ranges, for tests
 */
export async function recoverPictures(
  out: string,
  preset: PresetName,
  cells: readonly CellRecord[],
  limits: Partial<SearchOptions> = {},
): Promise<RecoveredPicture[]> {
  const earlier = await readRecovered(out);
  const bar = progressBar('search for parameters', 100 * chosen.length);
  const searches: RecoveredPicture[] = [];
  for (const { image, method } of chosen) {
    const cell = cells.find((one) => one.image === image && one.method === method)!;
    const known = earlier.find((one) => isOf(one, cell) && existsSync(join(out, one.pictures.cipher)));
    const onProgress = (share: number, note: string): void =>
      bar.update(Math.round(100 * (searches.length + share)), `${method}: ${note}`);
    searches.push(known ?? (await recover(out, cell, { options: presets[preset], ...limits, onProgress })));
    await writeRecovered(out, searches);
  }
  const found = searches.filter((one) => one.found !== null).length;
  bar.stop(`${found} of ${searches.length} cipher pictures recovered from each alone`);
  return searches;
}

/** The searches as one attack, a round each; its pictures in OUT/attacks/paper/ciphertext-only. */
export async function recoveredAttack(
  out: string,
  searches: readonly RecoveredPicture[],
): Promise<AttackShown> {
  const [name, scheme] = ['ciphertext-only', 'paper'] as const;
  const found = searches.filter((one) => one.found !== null);
  const shown = found[0] ?? searches[0]!;
  const pictures: Record<string, Raster> = {};
  for (const [stem, path] of Object.entries(shown.pictures))
    if (path !== null) pictures[stem] = await load(join(out, path));
  await writePictures(join(out, 'attacks', scheme, name), pictures);
  return {
    ...{ name, scheme, property: null, queries: 0, rounds: searches.length },
    success: found.length > 0,
    successRate: found.length / searches.length,
    seconds: median(searches.map((one) => one.seconds)),
    finding: searches.map(({ map, finding }) => `${map}: ${finding}`).join('; '),
    pictureNames: Object.keys(pictures),
  };
}

const isOf = (one: RecoveredPicture, { image, method, preset, parameters }: CellRecord): boolean =>
  one.image === image &&
  one.method === method &&
  one.preset === preset &&
  one.parameters.join() === parameters.join();

async function recover(out: string, cell: CellRecord, search: SearchOptions): Promise<RecoveredPicture> {
  const { image, method, preset, parameters } = cell;
  const { map } = methodOf(method);
  const file = (name: string): string => join('images', image, method, `${name}.png`);
  const [plain, cipher] = await Promise.all(['plain', 'cipher'].map((name) => load(join(out, file(name)))));
  const started = seconds();
  const { found, tried, reached } = await resultOf(() => searchParameters(cipher!, map, search));
  const took = seconds() - started;
  if (found) await writeWhole(join(out, file('recovered')), await encodePng(found.image));
  const share = found ? 100 * agreement(found.image, plain!) : 0;
  const named = parameterNames[map].map((name, i) => `${name} = ${found?.params[i]}`).join(', ');
  return {
    ...{ image, method, map, preset, parameters: [...parameters], tried, share, seconds: took },
    found: found && [...found.params],
    finding: found
      ? `one cipher picture alone gave ${named} in ${took.toFixed(1)} s; ${share.toFixed(2)} % of the picture's samples recovered`
      : `no parameters found in ${took.toFixed(1)} s: ${reached}`,
    pictures: { plain: file('plain'), cipher: file('cipher'), recovered: found && file('recovered') },
  };
}

/** A search that cannot work, after a burn-in say, found nothing. */
async function resultOf(search: () => Promise<SearchResult>): Promise<SearchResult> {
  try {
    return await search();
  } catch (error) {
    if (error instanceof InputError) return { found: null, tried: 0, reached: error.message };
    throw error;
  }
}

const load = async (path: string): Promise<Raster> =>
  loadRaster(await readInput(path, 'image'), path, 'native');
