/**
 * Logistic parameters tried one by one: each r decrypts the first samples of the cipher picture, and equal values among
 * them are counted. Noise has n (n - 1) / 2 / 256 equal pairs, a picture more. Most r end after 32 samples. Four orbits
 * run side by side, because one waits for its own multiplications. A candidate takes 80 ns.
 * A worker's module: the default export is one task.
 */

export interface ChunkTask {
  /** Bit pattern of the first float32 output, and how many follow it upwards. With `perUnit`: (first + i) / perUnit. */
  readonly first: number;
  readonly count: number;
  readonly perUnit?: number;
  readonly range: readonly [number, number];
  /** The first samples of the cipher picture, reduced to 8 bits. */
  readonly samples: Uint8Array;
  /** Of the scheme: start of z's orbit, iterates dropped, what x is multiplied with, bits dropped of the product. */
  readonly start: number;
  readonly burnIn: number;
  readonly multiplier: number;
  readonly shift: number;
  /** Number of samples and of equal pairs that a candidate needs to go on, from 32 samples on. */
  readonly hurdles: readonly (readonly [samples: number, pairs: number])[];
}

/** A parameter and its equal pairs, in standard deviations above noise. */
export interface Scored {
  readonly r: number;
  readonly score: number;
}

/** Samples that four candidates decrypt side by side. */
const first = 32;
/** Candidates that a chunk answers at most. */
const shortlist = 16;

export default function tryChunk(task: ChunkTask): Scored[] {
  const { range, samples, start, burnIn, multiplier, shift, hurdles, count } = task;
  const [low, high] = range;
  const width = high - low;
  const bits = new Uint32Array(1);
  const output = new Float32Array(bits.buffer);
  const parameter = (at: number): number => {
    if (task.perUnit) return (task.first + at) / task.perUnit;
    bits[0] = task.first + at;
    return low + width * output[0]!;
  };
  const seen = new Uint8Array(1024);
  const alone = new Uint16Array(256);
  const least = hurdles[0]![1];
  let best: Scored[] = [];
  const goOn = (r: number): void => {
    const score = scoreOf(r, task, alone);
    if (score === null || (best.length === shortlist && score <= best.at(-1)!.score)) return;
    best = [...best, { r, score }].sort((a, b) => b.score - a.score).slice(0, shortlist);
  };
  for (let at = 0; at < count; at += 4) {
    const r0 = parameter(at);
    const r1 = parameter(Math.min(at + 1, count - 1));
    const r2 = parameter(Math.min(at + 2, count - 1));
    const r3 = parameter(Math.min(at + 3, count - 1));
    let x0 = start;
    let x1 = start;
    let x2 = start;
    let x3 = start;
    for (let i = 0; i < burnIn; i++) {
      x0 = r0 * x0 * (1 - x0);
      x1 = r1 * x1 * (1 - x1);
      x2 = r2 * x2 * (1 - x2);
      x3 = r3 * x3 * (1 - x3);
    }
    seen.fill(0);
    let pairs0 = 0;
    let pairs1 = 0;
    let pairs2 = 0;
    let pairs3 = 0;
    for (let i = 0; i < first; i++) {
      const sample = samples[i]!;
      x0 = r0 * x0 * (1 - x0);
      x1 = r1 * x1 * (1 - x1);
      x2 = r2 * x2 * (1 - x2);
      x3 = r3 * x3 * (1 - x3);
      const v0 = (((x0 * multiplier) >> shift) ^ sample) & 255;
      const v1 = ((((x1 * multiplier) >> shift) ^ sample) & 255) + 256;
      const v2 = ((((x2 * multiplier) >> shift) ^ sample) & 255) + 512;
      const v3 = ((((x3 * multiplier) >> shift) ^ sample) & 255) + 768;
      pairs0 += seen[v0]!++;
      pairs1 += seen[v1]!++;
      pairs2 += seen[v2]!++;
      pairs3 += seen[v3]!++;
    }
    if (pairs0 >= least) goOn(r0);
    if (pairs1 >= least) goOn(r1);
    if (pairs2 >= least) goOn(r2);
    if (pairs3 >= least) goOn(r3);
  }
  return best;
}

/** Standard deviations above noise over all samples, or null where a hurdle is missed. */
function scoreOf(r: number, task: ChunkTask, seen: Uint16Array): number | null {
  const { samples, start, burnIn, multiplier, shift, hurdles } = task;
  seen.fill(0);
  let x = start;
  for (let i = 0; i < burnIn; i++) x = r * x * (1 - x);
  let pairs = 0;
  let i = 0;
  for (const [until, least] of hurdles) {
    for (; i < until; i++) {
      x = r * x * (1 - x);
      pairs += seen[(((x * multiplier) >> shift) ^ samples[i]!) & 255]!++;
    }
    if (pairs < least) return null;
  }
  const mean = (i * (i - 1)) / 512;
  return (pairs - mean) / Math.sqrt(mean);
}
