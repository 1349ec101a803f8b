/**
 * A generated picture that looks like a colour fundus photograph: black surround, lit disc, optic disc with
 * cup, macula, and vessels that branch from the optic disc. It stands in for DRIVE images, which must not be
 * redistributed. No anatomical claim: only brightness, colour, edges and correlations are like the real thing.
 */
import { type Random, stream } from '../../../shared/random.ts';
import type { Raster } from '../../../shared/types.ts';
import { clampByte, fractal, inside, mix } from './_texture.ts';

/** Lengths in radii of the lit disc, angles in radians, y downwards. */
interface Vessel {
  readonly x: number;
  readonly y: number;
  readonly from: number;
  readonly to: number;
  readonly length: number;
  readonly width: number;
}

/** Centre of the optic disc, and its mirror across the vertical axis for the macula's side. */
const opticDisc = { x: -0.52, y: -0.03, radius: 0.15 };
const macula = { x: 0.1, y: 0.06 };

/**
 * @param width, height any size from 1 x 1; the disc fits the shorter side
 * @returns RGB, 8 bits; equal for equal arguments
 */
export function fundusPhantom(width: number, height: number, seed: number): Raster {
  const radius = 0.477 * Math.min(width, height); // as DRIVE: 540 of 565 pixels
  const random = stream(seed, 'phantom', 'fundus');
  const vessels = drawVessels(width, height, radius, random);
  const shade = shader(random);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const colour = shade((x + 0.5 - width / 2) / radius, (y + 0.5 - height / 2) / radius, vessels[at]!);
      for (let c = 0; c < 3; c++) data[3 * at + c] = clampByte(colour[c]! + grain[c]! * random.normal());
    }
  }
  return { width, height, channels: 3, depth: 8, data };
}

/** Standard deviation of the sensor's noise in red, green, blue. */
const grain = [2, 2.5, 3];

type Shade = (u: number, v: number, vessel: number) => [number, number, number];

/** The colour at a point: reflecting layers first, then the blood above them. */
function shader(random: Random): Shade {
  const [choroid, fine] = [fractal(random, 4), fractal(random, 3)];
  return (u, v, vessel) => {
    const r = Math.hypot(u, v);
    const texture = 0.09 * choroid(3 * u, 3 * v) + 0.05 * fine(14 * u, 14 * v);
    const spot = Math.exp(-((u - macula.x) ** 2 + (v - macula.y) ** 2) / 0.045);
    const light = (1.02 - 0.36 * r * r - 0.1 * u) * (1 + texture) * (1 - 0.34 * spot);
    const d = Math.hypot(u - opticDisc.x, 0.92 * (v - opticDisc.y)) / opticDisc.radius;
    const disc = inside(d, 1 + 0.1 * texture, 0.25);
    const cup = inside(d, 0.5, 0.5);
    const lit = inside(r, 1, 0.012);
    const colour = (base: number, nerve: number, centre: number, absorbed: number): number =>
      3 + lit * mix(mix(base * light, nerve, disc), centre, cup) * (1 - absorbed * vessel * (1 - 0.35 * cup));
    return [colour(202, 236, 248, 0.32), colour(104, 188, 222, 0.56), colour(52, 104, 150, 0.5)];
  };
}

/** How much blood each pixel shows, 0 to 1. */
function drawVessels(width: number, height: number, radius: number, random: Random): Float32Array {
  const map = new Float32Array(width * height);
  const stamp = (u: number, v: number, half: number): void =>
    stampDisc(map, width, height, width / 2 + u * radius, height / 2 + v * radius, half * radius);
  for (const vessel of mainVessels(random)) grow(vessel, 0, random, stamp, 1 / radius);
  return map;
}

/** Arcades above and below, towards the macula's side and away from it, an artery and a vein each. */
function mainVessels(random: Random): Vessel[] {
  const arcades = [
    { from: 1.35, to: -0.35, length: 1.75, width: 0.024 },
    { from: 1.95, to: 2.7, length: 0.75, width: 0.017 },
    { from: 0.45, to: 0.1, length: 0.45, width: 0.009 },
  ];
  return [-1, 1].flatMap((up) =>
    arcades.flatMap(({ from, to, length, width }) =>
      [1, 0.72].map((part) => ({
        x: opticDisc.x + 0.02 * random.normal(),
        y: opticDisc.y + 0.02 * random.normal(),
        from: up * (from + 0.14 * random.normal()),
        to: up * (to + 0.14 * random.normal()),
        length: length * (0.9 + 0.2 * random.next()),
        width: width * part,
      })),
    ),
  );
}

type Stamp = (u: number, v: number, half: number) => void;

/** Walks along a vessel, which turns, wavers and thins, and lets branches go. */
function grow(vessel: Vessel, order: number, random: Random, stamp: Stamp, step: number): void {
  let { x, y } = vessel;
  const [wave, phase] = [0.12 + 0.1 * random.next(), 6.28 * random.next()];
  let next = branchGap(order, random);
  for (let gone = 0; gone < vessel.length && Math.hypot(x, y) < 1; gone += step) {
    const t = gone / vessel.length;
    const heading = mix(vessel.from, vessel.to, t) + wave * Math.sin(14 * gone + phase);
    x += step * Math.cos(heading);
    y += step * Math.sin(heading);
    const width = vessel.width * (1 - 0.55 * t);
    stamp(x, y, width / 2);
    if (gone < next) continue;
    next = gone + branchGap(order, random);
    if (order < 3)
      grow(branch(x, y, heading, width, vessel.length - gone, random), order + 1, random, stamp, step);
  }
}

const branchGap = (order: number, random: Random): number =>
  (0.09 + 0.16 * random.next()) * (1 + 0.4 * order);

function branch(x: number, y: number, heading: number, width: number, rest: number, random: Random): Vessel {
  const sideways = random.next() < 0.5 ? -1 : 1;
  const from = heading + sideways * (0.5 + 0.5 * random.next());
  const length = (0.35 + 0.4 * random.next()) * Math.min(rest + 0.15, 0.8);
  return {
    x,
    y,
    from,
    to: heading + sideways * 0.4 * random.next(),
    length,
    width: width * (0.45 + 0.25 * random.next()),
  };
}

/** Darkens a soft disc, `half` pixels around a centre; thinner than a pixel means paler. */
function stampDisc(
  map: Float32Array,
  width: number,
  height: number,
  cx: number,
  cy: number,
  half: number,
): void {
  const reach = Math.max(half, 0.5) + 0.5;
  const most = Math.min(1, 0.35 + half / 1.5);
  for (let y = Math.max(0, Math.floor(cy - reach)); y <= Math.min(height - 1, cy + reach); y++) {
    for (let x = Math.max(0, Math.floor(cx - reach)); x <= Math.min(width - 1, cx + reach); x++) {
      const covered = most * inside(Math.hypot(x + 0.5 - cx, y + 0.5 - cy), Math.max(half, 0.5), 1.2);
      const at = y * width + x;
      if (covered > map[at]!) map[at] = covered;
    }
  }
}
