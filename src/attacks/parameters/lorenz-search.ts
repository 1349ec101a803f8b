/**
 * The Lorenz parameters behind one cipher picture. Start and step are fixed and nothing is dropped, so the first samples depend smoothly on the
 * parameters: the search follows cells of parameters (lorenz-cells.ts) through more and more samples and keeps those that
 * decrypt best. After 700 samples a cell holds a few float32 parameters; the one that decrypts best is the key.
 */
import { parameterRanges } from '../../cipher/index.ts';
import { InputError } from '../../shared/errors.ts';
import { base64, bytesOfBase64, cores } from '../../shared/platform.ts';
import type { MapParams, Raster } from '../../shared/types.ts';
import { knownCounts } from './evidence.ts';
import { best, firstCells } from './lorenz-cells.ts';
import { type CellTask, stride } from './lorenz-coordinates.ts';
import { decimalsIn, gridPoints } from './lorenz-grid.ts';
import { evidenceUnder } from './lorenz-look.ts';
import { pictureUnder, type Recovered } from './picture.ts';
import { openPool, type Pool } from './pool.ts';
import type { LorenzPass, LorenzState, SearchOptions, SearchResult } from './types.ts';

/** From cheap to dear; the next one runs where the one before found no picture. */
const defaultPasses: Readonly<Record<'known' | 'grey' | 'colour', readonly LorenzPass[]>> = {
  known: [
    { certain: 4, keep: 1000 },
    { certain: 6, keep: 1000 },
    { certain: 6, keep: 8000 },
    { certain: 4, keep: 16_000 },
  ],
  grey: [
    { certain: 4, keep: 4000 },
    { certain: 5, keep: 16_000 },
    { certain: 4, keep: 60_000 },
  ],
  // Equal or similar channels tell most by their low bits.
  colour: [
    { certain: 6, keep: 4000 },
    { certain: 4, keep: 16_000 },
    { certain: 6, keep: 60_000 },
  ],
};

const firstLook = 28;
const longest = 700;
const longestSure = 3000;
const fewest = 400;
/** Once this many samples agree, few cells are left. */
const settled = 150;
const keptSettled = 200;
/** What all tasks share. */
type Given = Omit<CellTask, 'cells' | 'n' | 'certain' | 'keep'>;

export async function searchLorenz(cipher: Raster, search: SearchOptions): Promise<SearchResult> {
  const given = givenOf(cipher, search);
  const threads = search.threads ?? cores();
  const kind = search.plain ? 'known' : cipher.channels === 1 ? 'grey' : 'colour';
  const all = search.passes ?? defaultPasses[kind];
  const passes = all.slice(0, search.mostPasses);
  const workers = openPool<CellTask, Float64Array>('lorenz', threads);
  const saved = resumable(search.saved?.lorenz, passes);
  let tried = saved?.tried ?? 0;
  let top = 0;
  try {
    for (let pass = saved?.pass ?? 0; pass < passes.length; pass++) {
      const beam = new Beam(given, passes[pass]!, workers, threads);
      const end = await beam.run(pass, tried, search, saved);
      tried = end.tried;
      top = Math.max(top, end.top);
      const found = exactAmong(end.cells, cipher, given, search);
      if (found) return { found, tried, reached: '' };
    }
  } finally {
    await workers.close();
  }
  return {
    found: null,
    tried,
    reached: `${tried.toLocaleString('en')} cells of parameters looked at in ${passes.length} passes; the best decrypts the first samples to ${top.toFixed(0)} bits from noise`,
  };
}

/** A state of the same passes; another version's is of no use. */
function resumable(saved: LorenzState | undefined, passes: readonly LorenzPass[]): LorenzState | undefined {
  const now = saved && passes[saved.pass];
  return now?.certain === saved?.certain && now?.keep === saved?.keep ? saved : undefined;
}

function givenOf(cipher: Raster, { options, ranges, plain }: SearchOptions): Given {
  if (options.burnIn > 0)
    throw new InputError(
      `the search for Lorenz parameters expected a burn-in of 0, got ${options.burnIn}: after it the orbit no longer depends smoothly on them; give --preset paper`,
    );
  if (options.lorenz.integrator !== 'euler')
    throw new InputError('the search for Lorenz parameters expected Euler steps; give --preset paper');
  if (cipher.data.length < fewest)
    throw new InputError(
      `the search expected a picture of at least ${fewest} samples, got ${cipher.data.length}; give a larger one`,
    );
  const { channels, depth } = cipher;
  return {
    samples: cipher.data.slice(0, longestSure) as Uint8Array | Uint16Array,
    channels,
    depth,
    multiplier: options.lorenz.multipliers[depth],
    start: options.starts,
    dt: options.lorenz.dt,
    ranges: ranges ?? parameterRanges.lorenz,
    ...(plain && { known: knownCounts(plain) }),
  };
}

/** The cells of one pass, carried through the samples. */
class Beam {
  readonly #given: Given;
  readonly #pass: LorenzPass;
  readonly #workers: Pool<CellTask, Float64Array>;
  readonly #threads: number;

  constructor(given: Given, pass: LorenzPass, workers: Pool<CellTask, Float64Array>, threads: number) {
    this.#given = given;
    this.#pass = pass;
    this.#workers = workers;
    this.#threads = threads;
  }

  async run(
    pass: number,
    before: number,
    search: SearchOptions,
    last: LorenzState | undefined,
  ): Promise<{ cells: Float64Array; tried: number; top: number }> {
    const { certain, keep } = this.#pass;
    const saved = last?.pass === pass ? last : null;
    const most = Math.min(this.#given.samples.length, longest);
    let n = saved?.n ?? firstLook;
    let cells = saved ? fromText(saved.cells) : firstCells({ ...this.#given, n, certain, keep });
    let tried = before;
    for (; n < most; n = Math.min(most, n < 110 ? n + 2 : Math.ceil(n * 1.1))) {
      cells = await this.#step(cells, n, certain, n > settled ? keptSettled : keep);
      tried += cells.length / stride;
      search.onProgress?.(
        n / most,
        `pass ${pass + 1}, ${cells.length / stride} cells, best ${topOf(cells).toFixed(0)} bits`,
      );
      await search.onState?.({ lorenz: { pass, certain, keep, n, cells: base64(cells), tried } });
    }
    if (topOf(cells) < 0) return { cells: cells.subarray(0, 0), tried, top: topOf(cells) };
    for (let bits = certain; bits <= 8; bits++) cells = await this.#step(cells, most, bits, keptSettled);
    return { cells, tried, top: topOf(cells) };
  }

  /** All cells taken to n samples, on all threads; the best survive. */
  async #step(cells: Float64Array, n: number, certain: number, keep: number): Promise<Float64Array> {
    const count = cells.length / stride;
    const size = Math.max(50, Math.ceil(count / (4 * this.#threads)));
    const jobs: Promise<Float64Array>[] = [];
    for (let at = 0; at < count; at += size)
      jobs.push(
        this.#workers.run({
          ...this.#given,
          cells: cells.slice(at * stride, (at + size) * stride),
          n,
          certain,
          keep,
        }),
      );
    const all = best(joined(await Promise.all(jobs)), keep);
    return withNeighbours(near(all, n > settled ? [40, 0.3] : [60, 0.4]));
  }
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const topOf = (cells: Float64Array): number => {
  let top = -Infinity;
  for (let at = stride - 1; at < cells.length; at += stride) top = Math.max(top, cells[at]!);
  return top;
};

/** Cells whose neighbours come in again at each step. */
const leaders = 40;

/** With the 26 neighbours of the best cells: the true cell may have fallen behind one beside it, whose centre does better. */
function withNeighbours(cells: Float64Array): Float64Array {
  const order = Array.from({ length: cells.length / stride }, (_, i) =>
    cells.subarray(i * stride, (i + 1) * stride),
  );
  const name = (cell: Float64Array): string => [0, 1, 2].map((i) => cell[i]!.toPrecision(12)).join();
  const seen = new Set(order.map(name));
  const added: Float64Array[] = [];
  for (const cell of order.toSorted((a, b) => b[stride - 1]! - a[stride - 1]!).slice(0, leaders))
    for (let side = 0; side < 27; side++) {
      const next = cell.slice();
      for (let edge = 0; edge < 3; edge++) {
        const times = (Math.floor(side / 3 ** edge) % 3) - 1;
        for (let i = 0; i < 3; i++) next[i]! += times * cell[3 + 3 * edge + i]!;
      }
      const key = name(next);
      if (!seen.has(key)) added.push(next);
      seen.add(key);
    }
  return joined([cells, ...added]);
}

/** Without the cells that lie so many bits, and this share of the best's, behind the best. */
function near(cells: Float64Array, [bits, share]: readonly [number, number]): Float64Array {
  const top = topOf(cells);
  const least = top - Math.max(bits, share * top);
  const out: Float64Array[] = [];
  for (let at = 0; at < cells.length; at += stride)
    if (cells[at + stride - 1]! >= least) out.push(cells.subarray(at, at + stride));
  return joined(out);
}

const fromText = (text: string): Float64Array => new Float64Array(bytesOfBase64(text).buffer);

/** The picture under the float32 parameters in and around the best cells. */
function exactAmong(
  cells: Float64Array,
  cipher: Raster,
  given: Given,
  { options }: SearchOptions,
): Recovered | null {
  let found: Recovered | null = null;
  const order = Array.from({ length: cells.length / stride }, (_, i) =>
    cells.subarray(i * stride, (i + 1) * stride),
  ).sort((a, b) => b[stride - 1]! - a[stride - 1]!);
  const seen = new Set<string>();
  for (const cell of order.slice(0, 12)) {
    const points = [...decimalsIn(cell), ...gridPoints(cell)].filter(
      (point) => !seen.has(point.join()) && seen.add(point.join()),
    );
    const short = rankedBy(points, given, Math.min(longest, given.samples.length)).slice(0, 40);
    const ranked = rankedBy(short, given, given.samples.length);
    for (const params of ranked.slice(0, 2)) {
      const next = pictureUnder(cipher, 'lorenz', params, options);
      if (next && next.roughness < (found?.roughness ?? 1)) found = next;
      if (found?.exact) return found;
    }
  }
  return found;
}

/** Best first, by the evidence of n samples. */
const rankedBy = (points: readonly MapParams[], given: Given, n: number): MapParams[] =>
  points
    .map((params) => ({ params, bits: evidenceUnder(params, given, n) }))
    .sort((a, b) => b.bits - a.bits)
    .map(({ params }) => params);
