/**
 * Cells of the space of Lorenz parameters (lorenz-coordinates.ts), and the next step of the search. Each cell is split
 * until all of its orbits agree in the first n samples, up to a few units. Then its centre decrypts these samples.
 * A cell is a parallelepiped. Its edges are kept short in the metric of the samples (Gauss's reduction), for the samples
 * fix some directions 10^4 times as well as others: with boxes along the axes 60 samples tell 2^46 cells apart, with
 * these 2^28.
 * A worker's module: the default export is one task.
 */
import { type CellTask, cross, dot, lambdaOf, rhoOf, scoreAt, stride } from './lorenz-coordinates.ts';
import { lookAt } from './lorenz-look.ts';

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
export function reduce(cell: Float64Array, gram: Float64Array): void {
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
  const look = lookAt(task);
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
