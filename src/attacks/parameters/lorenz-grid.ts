/** The end of the search: in and around a cell, the parameters that a network or a person can give. */
import { parameterRanges } from '../../cipher/parameters.ts';
import { cross, dot, rhoOf } from './lorenz-coordinates.ts';

/** Cells around a cell whose points count too. */
const widen = 3;

const mostPoints = 8000;

type Triple = readonly number[];

/** The float32 outputs (sigma, rho, beta, each from 0 to 1) around a cell. */
interface Lattice {
  /** The output at the centre of the cell, and one unit in its last place. */
  readonly origin: Triple;
  readonly step: Triple;
  /** Coordinates of the origin along the cell's edges: within -0.5 to 0.5 it lies in the cell. */
  readonly at: Triple;
  /** `rate[u][k]`: change of coordinate u for a step of output k. */
  readonly rate: readonly Triple[];
  /** Steps of each output that the widened cell can reach. */
  readonly reach: Triple;
}

/** The parameters that float32 outputs give, in and around a cell. */
export function gridPoints(cell: Float64Array, ranges = parameterRanges.lorenz): number[][] {
  const lattice = latticeOf(cell, ranges);
  const { origin, step, rate, reach } = lattice;
  const [c, a, b] = [0, 1, 2].sort((k, l) => steepest(rate, l) - steepest(rate, k)) as [
    number,
    number,
    number,
  ];
  const points: number[][] = [];
  for (let i = -reach[a]!; i <= reach[a]!; i++)
    for (let j = -reach[b]!; j <= reach[b]!; j++) {
      const [low, high] = stepsInside(lattice, (u) => i * rate[u]![a]! + j * rate[u]![b]!, c);
      for (let k = low; k <= high && points.length < mostPoints; k++) {
        const units = [0, 0, 0];
        [units[a], units[b], units[c]] = [i, j, k];
        points.push(
          ranges.map(
            ([from, to], axis) =>
              from + (to - from) * Math.fround(origin[axis]! + units[axis]! * step[axis]!),
          ),
        );
      }
    }
  return points;
}

function latticeOf(cell: Float64Array, ranges: typeof parameterRanges.lorenz): Lattice {
  const [beta, lambda, sigma] = [cell[0]!, cell[1]!, cell[2]!];
  const scale = ranges.map(([low, high]) => high - low);
  const edges = edgesOf(cell, scale);
  const centre = [sigma, rhoOf(lambda, sigma), beta].map((value, k) => (value - ranges[k]![0]) / scale[k]!);
  const origin = centre.map((value) => Math.fround(Math.min(Math.max(value, 2 ** -24), 1 - 2 ** -24)));
  const step = origin.map((value) => 2 ** (Math.floor(Math.log2(value)) - 23));
  const dual = [cross(edges[1]!, edges[2]!), cross(edges[2]!, edges[0]!), cross(edges[0]!, edges[1]!)];
  const volume = dot(edges[0]!, dual[0]!);
  const off = origin.map((value, k) => value - centre[k]!);
  return {
    origin,
    step,
    at: dual.map((d) => dot(d, off) / volume),
    rate: dual.map((d) => d.map((v, k) => (v * step[k]!) / volume)),
    reach: [0, 1, 2].map((k) =>
      Math.ceil((widen * edges.reduce((sum, e) => sum + Math.abs(e[k]!) / 2, 0)) / step[k]!),
    ),
  };
}

/** The three edges of a cell, in outputs: from (beta, lambda, sigma) by the derivatives of rho. */
function edgesOf(cell: Float64Array, scale: Triple): number[][] {
  const [lambda, sigma] = [cell[1]!, cell[2]!];
  const [rl, rs] = [(2 * lambda + sigma + 1) / sigma, (-lambda * (lambda + 1)) / sigma ** 2];
  return [0, 1, 2].map((k) => {
    const [b, l, s] = [cell[3 + 3 * k]!, cell[4 + 3 * k]!, cell[5 + 3 * k]!];
    return [s / scale[0]!, (rl * l + rs * s) / scale[1]!, b / scale[2]!];
  });
}

/** Steps of output c within the widened cell; where that is narrower than a step, the nearest one. */
function stepsInside({ at, rate }: Lattice, moved: (u: number) => number, c: number): [number, number] {
  let [from, to] = [-Infinity, Infinity];
  for (let u = 0; u < 3; u++) {
    const here = at[u]! + moved(u);
    const [p, q] = [(-widen / 2 - here) / rate[u]![c]!, (widen / 2 - here) / rate[u]![c]!];
    from = Math.max(from, Math.min(p, q));
    to = Math.min(to, Math.max(p, q));
  }
  return [Math.ceil(from - 0.5), Math.floor(to + 0.5)];
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
