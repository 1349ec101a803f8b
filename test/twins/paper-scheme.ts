/**
 * The slow plain twin of src/cipher (quantise.ts, order.ts, permute.ts, sequences.ts): whole orbits, integers
 * of any size, one pixel at a time.
 */
import { logisticOrbit } from '../../src/chaos/logistic.ts';
import type { LorenzState } from '../../src/chaos/lorenz.ts';
import { lorenzOrbit } from '../../src/chaos/lorenz-fast.ts';
import type { MapName } from '../../src/chaos/maps.ts';
import type { Keys, PaperOptions, Shape } from '../../src/cipher/index.ts';
import type { MapParams, Raster } from '../../src/shared/types.ts';

type Values = number[];

export function deriveKeysPlain(
  map: MapName,
  params: MapParams,
  shape: Shape,
  options: PaperOptions,
): { xIndex: number[]; yIndex: number[]; zKey: number[] } {
  const { width, height, channels, depth } = shape;
  const planes = options.colour === 'plane' ? 1 : channels;
  const [x, y, z] = keyValues(map, params, options, [width, height, width * height * planes]);
  const quantised = options.quantiser === 'fraction' ? fractionPlain : quantisePlain;
  const key = z.map((v) => quantised(v, options[map as 'logistic' | 'lorenz'].multipliers[depth], depth));
  return {
    xIndex: sortIndexPlain(x, options.order),
    yIndex: sortIndexPlain(y, options.order),
    zKey: planes === channels ? key : key.flatMap((v) => new Array<number>(channels).fill(v)),
  };
}

function keyValues(
  map: MapName,
  params: MapParams,
  options: PaperOptions,
  lengths: [number, number, number],
): [Values, Values, Values] {
  const [nx, ny, nz] = lengths;
  const cut = (orbit: Values, n: number): Values => orbit.slice(0, n);
  if (map === 'logistic' && options.logistic.orbits === 'one') {
    const orbit = dropped(
      [options.starts[0]],
      logistic(params, options, options.starts[0], nx + ny + nz),
      options,
    );
    return [cut(orbit, nx), orbit.slice(nx, nx + ny), orbit.slice(nx + ny, nx + ny + nz)];
  }
  const n = Math.max(nx, ny, nz);
  const orbits =
    map === 'logistic'
      ? options.starts.map((x0) => logistic(params, options, x0, n))
      : lorenz(params, options, n);
  const [x, y, z] = orbits.map((orbit, i) => dropped([options.starts[i]!], orbit, options)) as [
    Values,
    Values,
    Values,
  ];
  return [cut(x, nx), cut(y, ny), cut(z, nz)];
}

const logistic = (params: MapParams, options: PaperOptions, x0: number, n: number): Values =>
  options.precision === 'float32'
    ? logisticSingle(params[0]!, x0, options.burnIn + n)
    : [...logisticOrbit(params[0]!, x0, options.burnIn + n)];

function lorenz(params: MapParams, options: PaperOptions, n: number): Values[] {
  if (options.precision === 'float32') return lorenzSingle(params, options, options.burnIn + n);
  const { x, y, z } = lorenzOrbit(params, options.starts as LorenzState, options.burnIn + n, options.lorenz);
  return [[...x], [...y], [...z]];
}

/** Arithmetic that stores every result in four bytes. */
const store = new DataView(new ArrayBuffer(4));
const single = (v: number): number => {
  store.setFloat32(0, v);
  return store.getFloat32(0);
};
const add = (...terms: number[]): number => terms.map(single).reduce((a, b) => single(a + b));
const times = (a: number, b: number): number => single(single(a) * single(b));

function logisticSingle(r: number, x0: number, n: number): Values {
  const orbit: Values = [];
  for (let x = x0; orbit.length < n; orbit.push(x)) x = times(times(r, x), add(1, -x));
  return orbit;
}

function lorenzSingle(params: MapParams, { starts, lorenz: steps }: PaperOptions, n: number): Values[] {
  const [sigma, rho, beta] = params as [number, number, number];
  const slope = ([x, y, z]: Values): Values => [
    times(sigma, add(y!, -x!)),
    add(times(rho, x!), -y!, -times(x!, z!)),
    add(times(x!, y!), -times(beta, z!)),
  ];
  const move = (s: Values, h: number, k: Values): Values => s.map((v, i) => add(v, times(h, k[i]!)));
  const dt = single(steps.dt);
  const orbit: Values[] = [[], [], []];
  const keep = (s: Values): void => {
    for (const [i, v] of s.entries()) orbit[i]!.push(v);
  };
  for (let s: Values = [...starts]; orbit[0]!.length < n; keep(s)) {
    const k1 = slope(s);
    if (steps.integrator === 'euler') {
      s = move(s, dt, k1);
      continue;
    }
    const k2 = slope(move(s, single(dt / 2), k1));
    const k3 = slope(move(s, single(dt / 2), k2));
    const k4 = slope(move(s, dt, k3));
    const sum = k1.map((k, i) => add(k, times(2, k2[i]!), times(2, k3[i]!), k4[i]!));
    s = move(s, single(dt / 6), sum);
  }
  return orbit;
}

const dropped = (start: Values, orbit: Values, options: PaperOptions): Values =>
  (options.firstValue === 'start' ? [...start, ...orbit] : orbit).slice(options.burnIn);

const quantisePlain = (v: number, multiplier: number, depth: 8 | 16): number =>
  Number(BigInt(Math.floor(Math.abs(v) * multiplier)) % 2n ** BigInt(depth));

/** The digits behind the point, as text has them, would be inexact; the difference to the floor is exact. */
const fractionPlain = (v: number, multiplier: number, depth: 8 | 16): number => {
  const scaled = Math.abs(v) * multiplier;
  return Math.floor((scaled - Math.floor(scaled)) * 2 ** depth);
};

export function sortIndexPlain(keys: readonly number[], order: 'ascending' | 'descending'): number[] {
  const sign = order === 'ascending' ? 1 : -1;
  const pairs = keys.map((value, i) => ({ value, i }));
  return pairs.sort((a, b) => sign * (a.value - b.value) || a.i - b.i).map((pair) => pair.i);
}

/** Rows, then columns, then xor, each as a step of its own. */
export function encryptPlain({ width, height, channels, data }: Raster, keys: Keys): number[] {
  const at = (i: number, j: number, c: number): number => (i * width + j) * channels + c;
  const rows: number[] = [];
  const columns: number[] = [];
  const everySample = (visit: (i: number, j: number, c: number) => void): void => {
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++) for (let c = 0; c < channels; c++) visit(i, j, c);
  };
  everySample((i, j, c) => rows.push(data[at(keys.yIndex[i]!, j, c)]!));
  everySample((i, j, c) => columns.push(rows[at(i, keys.xIndex[j]!, c)]!));
  return columns.map((value, k) => value ^ keys.zKey[k]!);
}
