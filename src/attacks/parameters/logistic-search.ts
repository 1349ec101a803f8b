/**
 * The logistic parameter behind one cipher picture, by trying all: a network's output is a float32 between 2^-24 and
 * 1 - 2^-24, of which there are 24 x 2^23 = 201,326,592. The largest come first: half of evenly spread outputs lie in the
 * first 2^23, so that a search takes 2 x 2^23 tries on average. Nothing but the cipher picture is known.
 */
import { type PaperOptions, parameterRanges } from '../../cipher/index.ts';
import { InputError } from '../../shared/errors.ts';
import { cores } from '../../shared/platform.ts';
import type { Raster } from '../../shared/types.ts';
import type { ChunkTask, Scored } from './logistic-chunk.ts';
import { pictureUnder, type Recovered } from './picture.ts';
import { openPool, type Pool } from './pool.ts';
import type { LogisticState, SearchOptions, SearchResult } from './types.ts';

/** Bit patterns of the float32 outputs, from 2^-24 on to the last below 1. */
export const sigmoidOutputs = { first: 0x33800000, count: 24 * 2 ** 23 } as const;

const chunk = 2 ** 20;
const fewest = 256;
const longest = 1024;
const candidates = 64;

/** Hurdles [samples, equal pairs]: noise has 1.9, 7.9, 32, 127, 511 pairs. The second pass is for rows of nearly uniform values. */
const passes: readonly ChunkTask['hurdles'][] = [
  [
    [32, 5],
    [64, 16],
    [128, 54],
    [256, 174],
    [512, 600],
  ],
  [
    [32, 3],
    [64, 11],
    [128, 40],
    [256, 145],
    [512, 560],
  ],
];

export async function searchLogistic(cipher: Raster, search: SearchOptions): Promise<SearchResult> {
  if (cipher.data.length < fewest)
    throw new InputError(
      `the search expected a picture of at least ${fewest} samples, got ${cipher.data.length}; give a larger one`,
    );
  const { first, count } = { ...sigmoidOutputs, ...search.outputs };
  const state: LogisticState = search.saved?.logistic ?? { pass: 0, done: 0, best: [] };
  const threads = search.threads ?? cores();
  const workers = openPool<ChunkTask, Scored[]>('logistic', threads);
  try {
    return resultOf(
      await tryAll(cipher, { ...search, threads }, state, { first, count }, workers),
      state,
      count,
    );
  } finally {
    await workers.close();
  }
}

async function tryAll(
  cipher: Raster,
  search: SearchOptions,
  state: LogisticState,
  { first, count }: { first: number; count: number },
  workers: Pool<ChunkTask, Scored[]>,
): Promise<Recovered | null> {
  if (!search.outputs && state.pass === 0 && state.done === 0) {
    const found = await tryDecimals(cipher, search, workers);
    if (found) return found;
  }
  for (; state.pass < (search.mostPasses ?? passes.length); state.pass++, state.done = 0) {
    while (state.done < count) {
      const tasks = tasksFrom(cipher, search, first, count, state);
      const answers = await Promise.all(tasks.map((task) => workers.run(task)));
      state.best = [...state.best, ...answers.flat()].sort((a, b) => b.score - a.score).slice(0, candidates);
      state.done += tasks.reduce((sum, task) => sum + task.count, 0);
      search.onProgress?.(
        state.done / count,
        `pass ${state.pass + 1}, best ${(state.best[0]?.score ?? 0).toFixed(1)} sd above noise`,
      );
      await search.onState?.({ logistic: state });
      const found = pictureAmong(state.best.slice(0, 4), cipher, search.options);
      if (found?.exact) return found;
    }
    const found = pictureAmong(state.best, cipher, search.options);
    if (found) return found;
  }
  return null;
}

const decimals = 1e6;

/** Parameters that people choose: all of six decimals. */
async function tryDecimals(
  cipher: Raster,
  search: SearchOptions,
  workers: Pool<ChunkTask, Scored[]>,
): Promise<Recovered | null> {
  const shared = sharedOf(cipher, search, 0);
  const [low, high] = shared.range.map((end) => Math.round(end * decimals)) as [number, number];
  const answers = await workers.run({ ...shared, perUnit: decimals, first: low, count: high - low + 1 });
  const found = pictureAmong(answers.slice(0, 4), cipher, search.options);
  return found?.exact ? found : null;
}

/** The next chunks, from the largest output down: a few for each thread. */
function tasksFrom(
  cipher: Raster,
  search: SearchOptions,
  first: number,
  count: number,
  state: LogisticState,
): ChunkTask[] {
  const shared = sharedOf(cipher, search, state.pass);
  const tasks: ChunkTask[] = [];
  for (let left = count - state.done; left > 0 && tasks.length < 8 * search.threads!; left -= chunk)
    tasks.push({ ...shared, first: first + Math.max(0, left - chunk), count: Math.min(chunk, left) });
  return tasks;
}

function sharedOf(
  cipher: Raster,
  { options, range }: SearchOptions,
  pass: number,
): Omit<ChunkTask, 'first' | 'count'> {
  const length = Math.min(longest, cipher.data.length);
  const shift = cipher.depth - 8;
  return {
    range: range ?? parameterRanges.logistic[0]!,
    samples: Uint8Array.from(cipher.data.subarray(0, length), (value) => value >> shift),
    start: options.starts[2],
    burnIn: options.burnIn,
    multiplier: options.logistic.multipliers[cipher.depth],
    shift,
    hurdles: [...passes[pass]!.filter(([samples]) => samples < length), [length, 0]] as const,
  };
}

/** Not exact where several fit: in a periodic window neighbouring parameters end on nearly the same cycle. */
function pictureAmong(best: readonly Scored[], cipher: Raster, options: PaperOptions): Recovered | null {
  const found = best
    .map(({ r }) => pictureUnder(cipher, 'logistic', [r], options))
    .filter((each) => each !== null)
    .sort((a, b) => a.roughness - b.roughness);
  if (found.length === 0) return null;
  const limit = found[0]!.roughness + 0.1 * (1 / 3 - found[0]!.roughness);
  const alike = found.filter((each) => each.exact && each.roughness < limit);
  return { ...found[0]!, exact: found[0]!.exact && alike.length === 1 };
}

const resultOf = (
  found: Recovered | null,
  { pass, done, best }: LogisticState,
  count: number,
): SearchResult => ({
  found,
  tried: pass * count + done,
  reached: `${(pass * count + done).toLocaleString('en')} parameters tried; the best one's samples lie ${(best[0]?.score ?? 0).toFixed(1)} standard deviations above noise`,
});
