/** The end of the search: in and around a cell, the parameters that a network or a person can give. */
import { parameterRanges } from '../../cipher/parameters.ts';
import { cross, dot, rhoOf } from './lorenz-coordinates.ts';

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

/** The parameters that people choose, in and around a cell: of three to six decimals. */
export function decimalsIn(cell: Float64Array): number[][] {
  const [beta, lambda, sigma] = [cell[0]!, cell[1]!, cell[2]!];
  const centre = [sigma, rhoOf(lambda, sigma), beta];
  return [1e3, 1e4, 1e5, 1e6].flatMap((scale) =>
    centre.reduce<number[][]>(
      (points, value) =>
        points.flatMap((point) => [-1, 0, 1].map((k) => [...point, (Math.round(value * scale) + k) / scale])),
      [[]],
    ),
  );
}
