/** Decrypts the first samples of a cipher picture at a point of the Lorenz parameters, and scores what comes out. */
import { lorenzIterates } from '../../chaos/lorenz-fast.ts';
import type { MapParams } from '../../shared/types.ts';
import { addValue, treeDepth } from './evidence.ts';
import { type CellTask, rhoOf, scoreAt } from './lorenz-coordinates.ts';

interface Look {
  (cell: Float64Array): { certain: number };
  /** Gram matrix of the edges in the metric of the samples, of the last cell. */
  readonly gram: Float64Array;
}

/** Decrypts the first n samples at a cell's centre, sets its score, and says how many bits of the least certain sample are certain. */
export function lookAt(task: CellTask): Look {
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

/** Bits of evidence under these parameters, of the first n samples. */
export function evidenceUnder(
  params: MapParams,
  given: Omit<CellTask, 'cells' | 'n' | 'certain' | 'keep'>,
  n: number,
): number {
  const { samples, channels, depth, start, dt, multiplier } = given;
  const bits = treeDepth(depth);
  const size = 2 ** (bits + 1);
  const counts = given.known?.slice() ?? new Uint16Array(size * 2 * channels);
  const orbit = { x: new Float64Array(n), y: new Float64Array(n), z: new Float64Array(n) };
  lorenzIterates(params, { dt, integrator: 'euler' }, start, orbit);
  let [own, beside, before] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const value = (((Math.abs(orbit.z[i]!) * multiplier) ^ samples[i]!) >>> (depth - bits)) & (2 ** bits - 1);
    const channel = i % channels;
    const added = addValue(counts, channel * 2 * size, value, bits, bits);
    own += added;
    beside += channel === 0 ? added : addValue(counts, (channel * 2 + 1) * size, value ^ before, bits, bits);
    before = value;
  }
  return channels > 1 ? Math.max(own, beside) : own;
}
