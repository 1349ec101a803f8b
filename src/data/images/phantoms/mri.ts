/**
 * A generated picture that looks like an axial T1-weighted brain slice: ellipses in the manner of Shepp and
 * Logan (1974, IEEE Trans. Nucl. Sci. 21:21) for scalp, skull, brain, ventricles and a lesion, with folded
 * cortex, a bias field and Rician noise (Gudbjartsson and Patz 1995). It stands in for brain-MRI images whose
 * upstream terms are unknown. No anatomical claim.
 */
import { type Random, stream } from '../../../shared/random.ts';
import type { Raster } from '../../../shared/types.ts';
import { clampByte, fractal, inside, mix, type Texture } from './_texture.ts';

/** An ellipse in units of half the head's height, turned by `angle`, filled with a grey level. */
interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly a: number;
  readonly b: number;
  readonly angle: number;
  readonly level: number;
}

/** Deep structures on the right side; each is mirrored, with a small seeded difference. */
const halves: Ellipse[] = [
  { x: 0.09, y: -0.2, a: 0.055, b: 0.2, angle: -0.32, level: 34 }, // lateral ventricle, anterior horn
  { x: 0.16, y: 0.26, a: 0.05, b: 0.17, angle: 0.5, level: 36 }, // posterior horn
  { x: 0.12, y: 0.05, a: 0.085, b: 0.13, angle: 0.2, level: 112 }, // thalamus
  { x: 0.19, y: -0.16, a: 0.05, b: 0.12, angle: -0.35, level: 108 }, // caudate and putamen
];

/** Standard deviation of each of the two noise channels. */
const noise = 3.5;

/**
 * @param width, height any size from 1 x 1; the head fits the shorter side
 * @returns grey, 8 bits; equal for equal arguments
 */
export function mriPhantom(width: number, height: number, seed: number): Raster {
  const unit = 0.47 * Math.min(width, height);
  const random = stream(seed, 'phantom', 'mri');
  const tissue = head(random);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const signal = tissue((x + 0.5 - width / 2) / unit, (y + 0.5 - height / 2) / unit);
      data[y * width + x] = clampByte(Math.hypot(signal + noise * random.normal(), noise * random.normal()));
    }
  }
  return { width, height, channels: 1, depth: 8, data };
}

/** The signal without noise over the plane; the head spans about -0.8 to 0.8 by -1 to 1. */
function head(random: Random): Texture {
  const [outline, folds, fine, bias] = [
    fractal(random, 2),
    fractal(random, 3),
    fractal(random, 4),
    fractal(random, 2),
  ];
  const structures = [...mirrored(random), ...lesion(random)];
  return (u, v) => {
    const r = Math.hypot(u / 0.79, v / 0.98) + 0.012 * outline(2.2 * u, 2.2 * v);
    if (r > 1.06) return 0;
    const field = 1 + 0.13 * bias(1.1 * u + 5, 1.1 * v) - 0.05 * v;
    const brain = deepStructures(cortex(u, v, r, folds), u, v, structures, fine);
    return (
      field * (skin(r, fine(9 * u, 9 * v)) * (1 - inside(r, 0.862, 0.02)) + brain * inside(r, 0.862, 0.02))
    );
  };
}

/** Scalp with fat, dark skull with marrow, and fluid, from outside inwards. */
function skin(r: number, texture: number): number {
  const scalp = inside(r, 1, 0.03) * (168 + 34 * texture);
  const bone = mix(scalp, 22, inside(r, 0.948, 0.018));
  const marrow = mix(bone, 74, inside(Math.abs(r - 0.918), 0.01, 0.016));
  return mix(marrow, 40, inside(r, 0.884, 0.015));
}

/** Grey matter over white matter; sulci are where the folding texture is near zero. */
function cortex(u: number, v: number, r: number, folds: Texture): number {
  const warp = 0.35 * folds(4 * v + 9, 4 * u);
  const fold = Math.abs(folds(7 * u + warp, 7 * v - warp));
  const depth = 0.86 - r;
  const white = inside(Math.max(0.05, 0.2 - 0.3 * fold), depth, 0.03);
  const sulcus = inside(fold, 0.06, 0.08) * inside(depth, 0.12, 0.07);
  const fissure =
    inside(Math.abs(u + 0.012 * folds(1, 3 * v)), 0.011, 0.014) * inside(-Math.abs(v), -0.33, 0.08);
  return mix(mix(104, 154, white), 42, Math.max(sulcus, fissure));
}

function deepStructures(brain: number, u: number, v: number, structures: Ellipse[], fine: Texture): number {
  let level = brain + 5 * fine(11 * u, 11 * v);
  const ragged = 0.2 * fine(6 * u + 3, 6 * v);
  for (const { x, y, a, b, angle, level: filled } of structures) {
    const [dx, dy, cos, sin] = [u - x, v - y, Math.cos(angle), Math.sin(angle)];
    const distance = Math.hypot((dx * cos + dy * sin) / a, (dy * cos - dx * sin) / b);
    level = mix(level, filled, inside(distance + ragged, 1, 0.28));
  }
  return level;
}

function mirrored(random: Random): Ellipse[] {
  const about = (value: number): number => value * (1 + 0.06 * random.normal());
  return [-1, 1].flatMap((way) =>
    halves.map(({ x, y, a, b, angle, level }) => ({
      x: way * about(x),
      y: about(y),
      a: about(a),
      b: about(b),
      angle: way * about(angle),
      level,
    })),
  );
}

/** A lesion on a seeded side: oedema, enhancing rim, necrotic core. */
function lesion(random: Random): Ellipse[] {
  const x = (random.next() < 0.5 ? -1 : 1) * (0.36 + 0.06 * random.next());
  const y = 0.35 * (2 * random.next() - 1);
  const angle = 3 * random.next();
  const ring = (a: number, b: number, level: number): Ellipse => ({ x, y, a, b, angle, level });
  return [ring(0.2, 0.16, 104), ring(0.125, 0.1, 196), ring(0.09, 0.068, 72)];
}
