/**
 * Affine prediction: three cipher pictures give a fourth that nobody asked for,
 *   E(a ^ b ^ c) = E(a) ^ E(b) ^ E(c)   over GF(2): permutations, xor, feedback by xor, DNA coding;
 *   E(a - b + c) = E(a) - E(b) + E(c)   over Z_256: the same by addition.
 * Each bit plane is tested by itself: where xor and addition are mixed, the lowest planes stay affine. The fourth is compared
 * with a control, the cipher of an unrelated picture under the same key, so that padding and headers accuse nobody.
 * (Chen, Chen, Zhou 2019, arXiv 1903.11987.) Where decryption is offered too, three chosen cipher pictures open the target:
 *   D(x) = D(x ^ r ^ s) ^ D(r) ^ D(s), the same with - and +; none of the three is the target.
 */
import type { Raster } from '../../shared/types.ts';
import { agreement, blackImage, percent } from '../images.ts';
import { aboveControl, certain, checkOneSize, noisePicture, pictures, recoveredShare } from './_samples.ts';
import type { BlackBox, BlackBoxAttack, Finding, Laboratory } from './types.ts';

const sums = {
  xor: (a: number, b: number, c: number) => a ^ b ^ c,
  addition: (a: number, b: number, c: number) => a - b + c,
} as const;
export type Ring = keyof typeof sums;
export const ringText: Readonly<Record<Ring, string>> = { xor: 'GF(2)', addition: 'Z_256' };

export function combined(a: Raster, b: Raster, c: Raster, ring: Ring): Raster {
  const out = blackImage(a);
  const sum = sums[ring];
  for (let k = 0; k < out.data.length; k++) out.data[k] = sum(a.data[k]!, b.data[k]!, c.data[k]!);
  return out;
}

/** Cipher pictures of one quartet, and a control under the same key. */
interface Quartet {
  readonly predicted: Raster;
  readonly fourth: Raster;
  readonly control: Raster;
}

interface Agreement {
  readonly ring: Ring;
  /** -1: whole samples. */
  readonly plane: number;
  readonly share: number;
  readonly z: number;
}

const rounds = 3;

async function run(laboratory: Laboratory): Promise<Finding> {
  const { shape, seed } = laboratory;
  const oracle = laboratory.oracle(0);
  const photo = laboratory.photo(0);
  const quartets: Record<Ring, Quartet[]> = { xor: [], addition: [] };
  for (let round = 0; round < rounds; round++) {
    const [a, b, control] = ['a', 'b', 'control'].map((name) => noisePicture(shape, seed, name, round)) as [
      Raster,
      Raster,
      Raster,
    ];
    const thirds = (['xor', 'addition'] as const).map((ring) => third(a, b, photo, ring)) as [Raster, Raster];
    const [A, B, K, P, X, S] = (await oracle.encrypt([a, b, control, photo, ...thirds])) as [
      Raster,
      Raster,
      Raster,
      Raster,
      Raster,
      Raster,
    ];
    checkOneSize([A, B, K, P, X, S]);
    quartets.xor.push({ predicted: combined(A, B, X, 'xor'), fourth: P, control: K });
    quartets.addition.push({ predicted: combined(A, B, S, 'addition'), fourth: P, control: K });
    if (round === 0 && exactRing(quartets)) break;
  }
  return report(laboratory, oracle, quartets, photo);
}

/** The third picture, chosen so that the fourth is the target: it looks like noise. */
const third = (a: Raster, b: Raster, target: Raster, ring: Ring): Raster =>
  ring === 'xor' ? combined(a, b, target, 'xor') : combined(target, a, b, 'addition');

/** One round is enough where every sample is predicted. */
const exactRing = (quartets: Record<Ring, Quartet[]>): Ring | undefined =>
  (['xor', 'addition'] as const).find((ring) =>
    quartets[ring].every(({ predicted, fourth }) => agreement(predicted, fourth) === 1),
  );

/** Whole samples and each bit plane, over all rounds; bits that never vary do not count. */
function agreements(quartets: readonly Quartet[], ring: Ring): Agreement[] {
  const depth = quartets[0]!.fourth.depth;
  return [-1, ...Array.from({ length: depth }, (_, b) => b)].map((plane) => {
    const mask = plane < 0 ? 2 ** depth - 1 : 2 ** plane;
    const rows = quartets.map((quartet) => countsOf(quartet, mask, quartets));
    const n = rows.reduce((sum, row) => sum + row.n, 0);
    const [same, chance] = [rows.reduce((s, r) => s + r.same, 0), rows.reduce((s, r) => s + r.chance, 0)];
    return { ring, plane, share: n === 0 ? 0 : same / n, z: aboveControl(same, chance, n) };
  });
}

function countsOf({ predicted, fourth, control }: Quartet, mask: number, all: readonly Quartet[]) {
  let [n, same, chance] = [0, 0, 0];
  for (let j = 0; j < fourth.data.length; j++) {
    const bit = fourth.data[j]! & mask;
    const steady = all.every(
      (q) => (q.fourth.data[j]! & mask) === bit && (q.control.data[j]! & mask) === bit,
    );
    if (steady) continue;
    n++;
    if ((predicted.data[j]! & mask) === bit) same++;
    if ((predicted.data[j]! & mask) === (control.data[j]! & mask)) chance++;
  }
  return { n, same, chance };
}

async function report(
  laboratory: Laboratory,
  oracle: BlackBox,
  quartets: Record<Ring, Quartet[]>,
  photo: Raster,
): Promise<Finding> {
  const all = (['xor', 'addition'] as const).flatMap((ring) => agreements(quartets[ring], ring));
  const broken = all.filter(({ z, plane, share }) => z > certain && share > (plane < 0 ? 0.05 : 0.52));
  if (broken.length === 0)
    return {
      broken: false,
      queries: oracle.queries,
      share: 0,
      finding: `no bit plane of a fourth cipher picture follows from three, by xor or by addition (${pictures(oracle.queries)})`,
      details: { agreements: all },
    };
  const whole = broken.filter(({ plane }) => plane < 0).sort((x, y) => y.share - x.share)[0];
  const best = whole ?? broken.sort((x, y) => y.z - x.z)[0]!;
  const opened = best.plane < 0 ? await openByDecryption(laboratory, best.ring, photo) : null;
  const { predicted, fourth } = quartets[best.ring][0]!;
  return {
    broken: true,
    queries: 3,
    share: opened?.broken ? Math.max(opened.share, best.share) : best.share,
    finding: sentence(best, opened, all),
    details: { agreements: all, ring: best.ring, plane: best.plane },
    pictures: {
      ...(opened?.broken && { recovered: opened.picture, plain: photo }),
      'predicted-cipher': predicted,
      'actual-cipher': fourth,
      ...(opened?.broken ? {} : { plain: photo }),
    },
  };
}

function sentence(
  { ring, plane, share }: Agreement,
  opened: Opened | null,
  all: readonly Agreement[],
): string {
  const ringName = ringText[ring];
  const planes = all.filter((one) => one.ring === ring && one.plane >= 0 && one.z > certain);
  const prediction =
    plane < 0
      ? `three cipher pictures predict ${percent(share)} of the samples of a fourth, over ${ringName}`
      : `three cipher pictures predict ${planes.map((one) => `${percent(one.share, 0)} of bit plane ${one.plane}`).join(', ')} of a fourth, over ${ringName}`;
  return opened?.broken
    ? `${prediction}; three chosen cipher pictures, decrypted, open ${percent(opened.share)} of an unseen one`
    : prediction;
}

interface Opened {
  readonly share: number;
  readonly broken: boolean;
  readonly picture: Raster;
}

/** Opens a target without ever sending it. Null where decryption is not offered, or refuses. */
async function openByDecryption(laboratory: Laboratory, ring: Ring, photo: Raster): Promise<Opened | null> {
  const { shape, seed } = laboratory;
  const oracle = laboratory.oracle(0);
  if (!oracle.decrypt) return null;
  const noise = noisePicture(shape, seed, 'target');
  const [r, s] = ['r', 's'].map((name) => noisePicture(shape, seed, 'cipher', name)) as [Raster, Raster];
  const [R, S, ...targets] = (await oracle.encrypt([r, s, noise, photo])) as [Raster, Raster, Raster, Raster];
  const open = async (target: Raster): Promise<Raster | null> => {
    const masked = ring === 'xor' ? combined(target, R, S, 'xor') : combined(target, R, S, 'addition');
    const answers = await Promise.all([masked, R, S].map((cipher) => oracle.decrypt!(cipher, target)));
    if (answers.some((answer) => answer === null || answer.data.length !== noise.data.length)) return null;
    const [x, y, z] = answers as [Raster, Raster, Raster];
    return ring === 'xor' ? combined(x, y, z, 'xor') : combined(x, z, y, 'addition');
  };
  const [openNoise, openPhoto] = [await open(targets[0]), await open(targets[1])];
  return openNoise && openPhoto && { ...recoveredShare(openNoise, noise), picture: openPhoto };
}

export const affinePrediction: BlackBoxAttack = {
  idea: 'predicts a fourth cipher picture from three, by xor or by addition, in every bit plane',
  queries: () => 6 * rounds + 10,
  run,
};
