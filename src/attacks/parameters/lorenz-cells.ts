/**
 * Cells of the space of Lorenz parameters, and the next step of the search: each cell is split until all of its orbits agree in the
 * first n samples, up to a few units; then its centre decrypts these samples (evidence.ts).
 * Coordinates are (beta, lambda, sigma), lambda the growth rate of the orbit that leaves 0:
 *   lambda^2 + (sigma + 1) lambda + sigma (1 - rho) = 0,
 * because the first 40 samples depend on beta and lambda alone. A cell is a parallelepiped. Its edges are kept short in
 * the metric of the samples (Gauss's reduction), for the samples fix some directions 10^4 times as well as others: with
 * boxes along the axes 60 samples tell 2^46 cells apart, with these 2^28.
 * A worker's module: the default export is one task.
 */
import { parameterRanges } from '../../cipher/parameters.ts';
import type { MapParams } from '../../shared/types.ts';
import { addValue, treeDepth } from './evidence.ts';

/** beta, lambda, sigma, three edges, score. */
export const stride = 13;
const scoreAt = 12;

export interface CellTask {
  readonly cells: Float64Array;
  /** Samples of the cipher picture, in raster order, n at least. */
  readonly samples: Uint8Array | Uint16Array;
  readonly channels: number;
  readonly depth: 8 | 16;
  /** Samples to look at. */
  readonly n: number;
  /** Of the scheme: what |z| is multiplied with, start and step. */
  readonly multiplier: number;
  readonly start: readonly [number, number, number];
  readonly dt: number;
  /** Range of sigma, rho, beta. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Counts of trees that know the plain picture. */
  readonly known?: Uint16Array;
  /** Bits that every sample must have certain: 4. */
  readonly certain: number;
  /** At most so many of the answer, the best. */
  readonly keep: number;
}

export default function expand(task: CellTask): Float64Array {
  const look = lookAt(task);
  const out: number[] = [];
  const open: Float64Array[] = [];
  for (let at = 0; at < task.cells.length; at += stride) open.push(task.cells.slice(at, at + stride));
  while (open.length > 0) {
    const cell = open.pop()!;
    if (!touches(cell, task.ranges)) continue;
    const { certain } = look(cell);
    if (certain < task.certain) open.push(...split(cell, look.gram));
    else for (let k = 0; k < stride; k++) out.push(cell[k]!);
  }
  return best(Float64Array.from(out), task.keep);
}
export const transfer = (answer: Float64Array) => [answer.buffer];

/** rho of a point. */
export const rhoOf = (lambda: number, sigma: number): number => 1 + (lambda * (lambda + sigma + 1)) / sigma;

export const lambdaOf = (sigma: number, rho: number): number =>
  (Math.sqrt((sigma + 1) ** 2 - 4 * sigma * (1 - rho)) - sigma - 1) / 2;

/** Whether a cell may hold a point of the ranges. */
function touches(c: Float64Array, ranges: CellTask['ranges']): boolean {
  const [beta, lambda, sigma] = [c[0]!, c[1]!, c[2]!];
  const rhoLambda = (2 * lambda + sigma + 1) / sigma;
  const rhoSigma = (-lambda * (lambda + 1)) / sigma ** 2;
  let [db, dr, ds] = [0, 0, 0];
  for (let k = 3; k < 12; k += 3) {
    db += Math.abs(c[k]!) / 2;
    dr += Math.abs(rhoLambda * c[k + 1]! + rhoSigma * c[k + 2]!) / 2;
    ds += Math.abs(c[k + 2]!) / 2;
  }
  const near = (value: number, margin: number, [low, high]: readonly [number, number]): boolean =>
    value + 1.05 * margin >= low && value - 1.05 * margin <= high;
  return (
    near(sigma, ds, ranges[0]!) && near(rhoOf(lambda, sigma), dr, ranges[1]!) && near(beta, db, ranges[2]!)
  );
}

/** Two halves, across the edge that the samples see longest. */
function split(cell: Float64Array, gram: Float64Array): Float64Array[] {
  reduce(cell, gram);
  const lengths = [gram[0]!, gram[4]!, gram[8]!];
  const edge = 3 + 3 * lengths.indexOf(Math.max(...lengths));
  return [-1, 1].map((side) => {
    const half = cell.slice();
    for (let k = 0; k < 3; k++) {
      half[k]! += (side * cell[edge + k]!) / 4;
      half[edge + k]! /= 2;
    }
    return half;
  });
}

/** Takes from an edge another one that is about as long and nearly parallel; the cells go on tiling the space. */
function reduce(cell: Float64Array, gram: Float64Array): void {
  for (let round = 0; round < 8; round++) {
    let changed = false;
    for (let k = 0; k < 3; k++)
      for (let l = 0; l < 3; l++) {
        if (k === l || gram[3 * l + l]! > gram[3 * k + k]!) continue;
        const times = Math.round(gram[3 * k + l]! / gram[3 * l + l]!);
        if (times === 0 || Math.abs(times) > 1) continue;
        subtract(cell, gram, k, l, times);
        changed = true;
      }
    if (!changed) return;
  }
}

function subtract(cell: Float64Array, gram: Float64Array, k: number, l: number, times: number): void {
  for (let i = 0; i < 3; i++) cell[3 + 3 * k + i]! -= times * cell[3 + 3 * l + i]!;
  const kk = gram[3 * k + k]! - 2 * times * gram[3 * k + l]! + times * times * gram[3 * l + l]!;
  for (let i = 0; i < 3; i++) {
    if (i === k) continue;
    gram[3 * k + i]! -= times * gram[3 * l + i]!;
    gram[3 * i + k] = gram[3 * k + i]!;
  }
  gram[3 * k + k] = kk;
}

interface Look {
  (cell: Float64Array): { certain: number };
  /** Gram matrix of the edges in the metric of the samples, of the last cell. */
  readonly gram: Float64Array;
}

/** Decrypts the first n samples at a cell's centre, sets its score, and says how many bits of the least certain sample are certain. */
function lookAt(task: CellTask): Look {
  const { samples, channels, depth, n, start, dt, known } = task;
  const bits = treeDepth(depth);
  const shift = depth - bits;
  const { multiplier } = task;
  const size = 2 ** (bits + 1);
  const counts = new Uint16Array(size * 2 * channels);
  const gram = new Float64Array(9);
  const uncertain = (9 / 12) * (multiplier / 2 ** shift) ** 2; // (3 sd)^2 of a uniform spread, in units of the last bit
  const look = (c: Float64Array): { certain: number } => {
    const beta = c[0]!;
    const lambda = c[1]!;
    const sigma = c[2]!;
    const rho = rhoOf(lambda, sigma);
    const rl = (2 * lambda + sigma + 1) / sigma;
    const rs = (-lambda * (lambda + 1)) / sigma ** 2;
    const b0 = c[3]!,
      s0 = c[5]!,
      r0 = rl * c[4]! + rs * s0;
    const b1 = c[6]!,
      s1 = c[8]!,
      r1 = rl * c[7]! + rs * s1;
    const b2 = c[9]!,
      s2 = c[11]!,
      r2 = rl * c[10]! + rs * s2;
    let [x, y, z] = start;
    let x0 = 0,
      y0 = 0,
      z0 = 0,
      x1 = 0,
      y1 = 0,
      z1 = 0,
      x2 = 0,
      y2 = 0,
      z2 = 0;
    let g00 = 0,
      g01 = 0,
      g02 = 0,
      g11 = 0,
      g12 = 0,
      g22 = 0;
    if (known) counts.set(known);
    else counts.fill(0);
    let worst = bits;
    let own = 0;
    let beside = 0;
    let channel = 0;
    let before = 0;
    let beforeLevels = 0;
    for (let i = 0; i < n; i++) {
      const u = y - x,
        v = rho - z;
      const nx0 = x0 + dt * (sigma * (y0 - x0) + s0 * u);
      const ny0 = y0 + dt * (v * x0 + r0 * x - y0 - x * z0);
      z0 += dt * (x * y0 + y * x0 - beta * z0 - b0 * z);
      const nx1 = x1 + dt * (sigma * (y1 - x1) + s1 * u);
      const ny1 = y1 + dt * (v * x1 + r1 * x - y1 - x * z1);
      z1 += dt * (x * y1 + y * x1 - beta * z1 - b1 * z);
      const nx2 = x2 + dt * (sigma * (y2 - x2) + s2 * u);
      const ny2 = y2 + dt * (v * x2 + r2 * x - y2 - x * z2);
      z2 += dt * (x * y2 + y * x2 - beta * z2 - b2 * z);
      x0 = nx0;
      y0 = ny0;
      x1 = nx1;
      y1 = ny1;
      x2 = nx2;
      y2 = ny2;
      const dx = sigma * (y - x);
      const dy = rho * x - y - x * z;
      const dz = x * y - beta * z;
      x += dt * dx;
      y += dt * dy;
      z += dt * dz;
      g00 += z0 * z0;
      g01 += z0 * z1;
      g02 += z0 * z2;
      g11 += z1 * z1;
      g12 += z1 * z2;
      g22 += z2 * z2;
      const spread = (z0 * z0 + z1 * z1 + z2 * z2) * uncertain;
      let levels = bits - ((33 - Math.clz32(Math.min(spread, 4e9))) >> 1);
      if (levels < worst) worst = levels;
      if (levels < 0) levels = 0;
      const value = (((Math.abs(z) * multiplier) ^ samples[i]!) >>> shift) & (2 ** bits - 1);
      const added = addValue(counts, channel * 2 * size, value, bits, levels);
      own += added;
      if (channels > 1) {
        beside +=
          channel === 0
            ? added
            : addValue(
                counts,
                (channel * 2 + 1) * size,
                value ^ before,
                bits,
                Math.min(levels, beforeLevels),
              );
        before = value;
        beforeLevels = levels;
        channel = channel + 1 === channels ? 0 : channel + 1;
      }
    }
    gram[0] = g00;
    gram[1] = gram[3] = g01;
    gram[2] = gram[6] = g02;
    gram[4] = g11;
    gram[5] = gram[7] = g12;
    gram[8] = g22;
    c[scoreAt] = channels > 1 ? Math.max(own, beside) : own;
    return { certain: worst };
  };
  return Object.assign(look, { gram });
}

/** The cells with the highest scores. */
export function best(cells: Float64Array, keep: number): Float64Array {
  const count = cells.length / stride;
  if (count <= keep) return cells;
  const scores = new Float64Array(count);
  for (let i = 0; i < count; i++) scores[i] = cells[i * stride + scoreAt]!;
  const least = scores.slice().sort()[count - keep]!;
  const out = new Float64Array(keep * stride);
  let at = 0;
  for (let i = 0; i < count && at < out.length; i++) {
    if (scores[i]! < least) continue;
    out.set(cells.subarray(i * stride, (i + 1) * stride), at);
    at += stride;
  }
  return out.subarray(0, at);
}

/** How finely the ranges of beta and lambda are cut into sectors; one lattice of cells each. */
const sectors = { beta: 4, lambda: 32 };

/** Cells that cover the ranges, certain at n samples: in each sector a lattice, so that none is missed. */
export function firstCells(task: Omit<CellTask, 'cells'>): Float64Array {
  const [sigmas, rhos, betas] = task.ranges as [[number, number], [number, number], [number, number]];
  const corners = sigmas.flatMap((sigma) => rhos.map((rho) => lambdaOf(sigma, rho)));
  const [low, high] = [Math.min(...corners), Math.max(...corners)];
  const look = lookAt({ ...task, cells: new Float64Array(0) });
  const out: number[] = [];
  for (let i = 0; i < sectors.beta; i++)
    for (let j = 0; j < sectors.lambda; j++) {
      const size = [
        (betas[1] - betas[0]) / sectors.beta,
        (high - low) / sectors.lambda,
        sigmas[1] - sigmas[0],
      ] as const;
      const centre = [
        betas[0] + (i + 0.5) * size[0],
        low + (j + 0.5) * size[1],
        (sigmas[0] + sigmas[1]) / 2,
      ] as const;
      const cell = Float64Array.of(...centre, size[0], 0, 0, 0, size[1], 0, 0, 0, size[2], 0);
      while (look(cell).certain < task.certain) cell.set(split(cell, look.gram)[0]!.subarray(3), 3);
      for (const point of latticeIn(cell, centre, size)) {
        const next = cell.slice();
        next.set(point);
        if (touches(next, task.ranges)) out.push(...next);
      }
    }
  return Float64Array.from(out);
}

/** Centres of the cells of a lattice that reach into a box. */
function latticeIn(cell: Float64Array, centre: readonly number[], size: readonly number[]): number[][] {
  const e = [0, 1, 2].map((k) => Array.from(cell.subarray(3 + 3 * k, 6 + 3 * k)));
  const dual = [cross(e[1]!, e[2]!), cross(e[2]!, e[0]!), cross(e[0]!, e[1]!)];
  const volume = dot(e[0]!, dual[0]!);
  const reach = [0, 1, 2].map((a) => size[a]! / 2 + e.reduce((sum, edge) => sum + Math.abs(edge[a]!) / 2, 0));
  const most = dual.map((d) => Math.ceil(reach.reduce((sum, r, a) => sum + r * Math.abs(d[a]! / volume), 0)));
  const points: number[][] = [];
  for (let i = -most[0]!; i <= most[0]!; i++)
    for (let j = -most[1]!; j <= most[1]!; j++)
      for (let k = -most[2]!; k <= most[2]!; k++) {
        const off = [0, 1, 2].map((a) => i * e[0]![a]! + j * e[1]![a]! + k * e[2]![a]!);
        if (off.every((v, a) => Math.abs(v) <= reach[a]!)) points.push(off.map((v, a) => centre[a]! + v));
      }
  return points;
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
const cross = (a: readonly number[], b: readonly number[]): number[] => [
  a[1]! * b[2]! - a[2]! * b[1]!,
  a[2]! * b[0]! - a[0]! * b[2]!,
  a[0]! * b[1]! - a[1]! * b[0]!,
];

/** Bits of evidence under these parameters, of the first n samples. */
export function evidenceUnder(
  params: MapParams,
  given: Omit<CellTask, 'cells' | 'n' | 'certain' | 'keep'>,
  n: number,
): number {
  const { samples, channels, depth, start, dt, multiplier } = given;
  const [sigma, rho, beta] = params as [number, number, number];
  const bits = treeDepth(depth);
  const size = 2 ** (bits + 1);
  const counts = given.known?.slice() ?? new Uint16Array(size * 2 * channels);
  let [x, y, z] = start;
  let [own, beside, before] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const dx = sigma * (y - x);
    const dy = rho * x - y - x * z;
    const dz = x * y - beta * z;
    x += dt * dx;
    y += dt * dy;
    z += dt * dz;
    const value = (((Math.abs(z) * multiplier) ^ samples[i]!) >>> (depth - bits)) & (2 ** bits - 1);
    const channel = i % channels;
    const added = addValue(counts, channel * 2 * size, value, bits, bits);
    own += added;
    beside += channel === 0 ? added : addValue(counts, (channel * 2 + 1) * size, value ^ before, bits, bits);
    before = value;
  }
  return channels > 1 ? Math.max(own, beside) : own;
}

/** Cells around a cell whose points count too. */
const widen = 3;
const mostPoints = 8000;

/** The parameters that float32 outputs give, in and around a cell. */
export function gridPoints(cell: Float64Array, ranges = parameterRanges.lorenz): number[][] {
  const [beta, lambda, sigma] = [cell[0]!, cell[1]!, cell[2]!];
  const [rl, rs] = [(2 * lambda + sigma + 1) / sigma, (-lambda * (lambda + 1)) / sigma ** 2];
  // Edges in outputs: sigma, rho, beta, each from 0 to 1.
  const scale = ranges.map(([low, high]) => high - low);
  const edges = [0, 1, 2].map((k) => {
    const [b, l, s] = [cell[3 + 3 * k]!, cell[4 + 3 * k]!, cell[5 + 3 * k]!];
    return [s / scale[0]!, (rl * l + rs * s) / scale[1]!, b / scale[2]!];
  });
  const centre = [sigma, rhoOf(lambda, sigma), beta].map((value, a) => (value - ranges[a]![0]) / scale[a]!);
  const origin = centre.map((value) => Math.fround(Math.min(Math.max(value, 2 ** -24), 1 - 2 ** -24)));
  const step = origin.map((value) => 2 ** (Math.floor(Math.log2(value)) - 23));
  const dual = [cross(edges[1]!, edges[2]!), cross(edges[2]!, edges[0]!), cross(edges[0]!, edges[1]!)];
  const volume = dot(edges[0]!, dual[0]!);
  const off = origin.map((value, a) => value - centre[a]!);
  const rate = dual.map((d) => d.map((v, a) => (v * step[a]!) / volume)); // change of each edge's coordinate for a step of each output
  const at = dual.map((d) => dot(d, off) / volume);
  const reach = [0, 1, 2].map((a) =>
    Math.ceil((widen * edges.reduce((sum, e) => sum + Math.abs(e[a]!) / 2, 0)) / step[a]!),
  );
  const fastest = [0, 1, 2].sort((a, b) => steepest(rate, b) - steepest(rate, a));
  const [c, a, b] = fastest as [number, number, number];
  const points: number[][] = [];
  for (let i = -reach[a]!; i <= reach[a]!; i++)
    for (let j = -reach[b]!; j <= reach[b]!; j++) {
      let [from, to] = [-Infinity, Infinity];
      for (let u = 0; u < 3; u++) {
        const here = at[u]! + i * rate[u]![a]! + j * rate[u]![b]!;
        const [p, q] = [(-widen / 2 - here) / rate[u]![c]!, (widen / 2 - here) / rate[u]![c]!];
        from = Math.max(from, Math.min(p, q));
        to = Math.min(to, Math.max(p, q));
      }
      // the unstable direction is narrower than a step: take the nearest step in any case
      const [low, high] = [Math.ceil(from - 0.5), Math.floor(to + 0.5)];
      for (let k = low; k <= high && points.length < mostPoints; k++) {
        const units = [0, 0, 0];
        units[a] = i;
        units[b] = j;
        units[c] = k;
        points.push(
          units.map(
            (u, axis) => ranges[axis]![0] + scale[axis]! * Math.fround(origin[axis]! + u * step[axis]!),
          ),
        );
      }
    }
  return points;
}

const steepest = (rate: readonly (readonly number[])[], axis: number): number =>
  Math.max(...rate.map((row) => Math.abs(row[axis]!)));
