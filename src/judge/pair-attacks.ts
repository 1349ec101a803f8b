/** Attacks with pictures alone, without queries. Each has a control: pictures that do not belong together. */

import { aboveControl, certain, hits, varyingPlaces, worthwhile } from '../attacks/black-box/_samples.ts';
import { openers } from '../attacks/black-box/known-plaintext.ts';
import { strongestLag } from '../attacks/black-box/repetition.ts';
import type { Finding } from '../attacks/black-box/types.ts';
import { agreement, percent, xorImages } from '../attacks/images.ts';
import { sameShape } from '../cipher/index.ts';
import { chiSquare, correlation, entropy, histogram } from '../metrics/index.ts';
import { InputError } from '../shared/errors.ts';
import { mean } from '../shared/stats.ts';
import type { Raster } from '../shared/types.ts';
import type { PicturePair } from './picture-pair.ts';

/** @throws InputError with the reason where these pictures do not allow it */
export type PairAttack = (pairs: readonly PicturePair[]) => Finding;

const nothing = (finding: string, details = {}): Finding => ({
  broken: false,
  queries: 0,
  share: 0,
  finding,
  details,
});

/** Pictures of one size that may share a key; the largest such group. */
function together(pairs: readonly PicturePair[], least: number): PicturePair[] {
  const groups = new Map<string, PicturePair[]>();
  for (const pair of pairs) {
    const { key, plain, cipher } = pair;
    const { width, height, channels, depth } = plain;
    const alike = [key ?? '', width, height, channels, depth, cipher.data.length, cipher.depth].join();
    groups.set(alike, [...(groups.get(alike) ?? []), pair]);
  }
  const largest = [...groups.values()].reduce((most, next) => (next.length > most.length ? next : most));
  if (largest.length < least)
    throw new InputError(`it needs ${least} pictures of one size under one key, got ${largest.length}`);
  return largest;
}

function sameShaped(pairs: readonly PicturePair[]): PicturePair[] {
  const found = pairs.filter(({ plain, cipher }) => sameShape(plain, cipher));
  if (found.length === 0) throw new InputError('cipher pictures have another size than their plain pictures');
  return found;
}

/** Bits of the picture that stand in its cipher picture more often than in that of another picture. */
const visible: PairAttack = (all) => {
  const pairs = together(
    sameShaped(all).map((pair) => ({ ...pair, key: '' })),
    2,
  );
  const depth = pairs[0]!.plain.depth;
  const rows = Array.from({ length: depth }, (_, plane) => {
    let [same, control, n] = [0, 0, 0];
    for (const [k, { plain, cipher }] of pairs.entries()) {
      const other = pairs[(k + 1) % pairs.length]!.cipher;
      for (let i = 0; i < plain.data.length; i++) {
        n++;
        same += 1 - (((plain.data[i]! ^ cipher.data[i]!) >> plane) & 1);
        control += 1 - (((plain.data[i]! ^ other.data[i]!) >> plane) & 1);
      }
    }
    const z = Math.max(aboveControl(same, control, n), aboveControl(n - same, n - control, n));
    return { plane, share: Math.abs(same - control) / n, z };
  });
  const seen = rows.filter(({ z, share }) => z > certain && share > worthwhile);
  if (seen.length === 0)
    return nothing(`no bit plane of a picture stands in its cipher picture (${pairs.length} pairs)`, {
      rows,
    });
  const { plain, cipher } = pairs[0]!;
  return {
    broken: true,
    queries: 1,
    share: mean(rows.map(({ share }) => Math.min(1, 2 * share))),
    finding: `bits of the picture stand in its cipher picture: planes ${seen.map(({ plane }) => plane).join(', ')}`,
    details: { rows },
    pictures: { cipher, plain },
  };
};

/** Samples of the opened picture that depend on the cipher picture: the attacker knows their keystream. */
function knownPlaces(
  open: (cipher: Raster, like: Raster) => Raster,
  cipher: Raster,
  like: Raster,
): Int32Array {
  const mask = 2 ** cipher.depth - 1;
  const turned = { ...cipher, data: cipher.data.map((value) => value ^ mask) as Raster['data'] };
  const [one, two] = [open(cipher, like), open(turned, like)];
  return Int32Array.from([...one.data.keys()].filter((i) => one.data[i] !== two.data[i]));
}

const knownPlaintext: PairAttack = (all) => {
  const pairs = together(all, 3);
  const targets = pairs.slice(-Math.min(3, pairs.length - 2));
  const known = pairs.slice(0, pairs.length - targets.length).slice(0, 8);
  const tried = openers(known).map(({ how, queries, open }) => {
    const rows = targets.map(({ plain, cipher }, k) => {
      const opened = open(cipher, plain);
      const places = knownPlaces(open, cipher, plain);
      const other = targets.length > 1 ? targets[(k + 1) % targets.length]! : known[0]!;
      const [same, control] = [
        hits(opened.data, plain.data, places),
        hits(opened.data, other.plain.data, places),
      ];
      return {
        share: same / plain.data.length,
        z: aboveControl(same, control, places.length),
        right: same / Math.max(1, places.length),
        opened,
      };
    });
    const broken = rows.every(({ z, share, right }) => z > certain && share > worthwhile && right > 0.5);
    return { how, queries, broken, share: mean(rows.map(({ share }) => share)), rows };
  });
  const best = tried.reduce((most, next) =>
    next.broken === most.broken ? (next.share > most.share ? next : most) : next.broken ? next : most,
  );
  if (!best.broken) return nothing(`${known.length} pairs open none of ${targets.length} others`);
  const { plain, cipher } = targets[0]!;
  return {
    broken: true,
    queries: Math.min(best.queries, known.length),
    share: best.share,
    finding: `${Math.min(best.queries, known.length)} of the pairs open ${percent(best.share)} of the samples of ${targets.length} others (${best.how}): one key serves for all`,
    pictures: { recovered: best.rows[0]!.opened, plain, cipher },
  };
};

const mostPairs = 60;

/** Two cipher pictures, each as even as noise, whose xor or difference is not. */
const keyReuse: PairAttack = (all) => {
  const pairs = together(all, 2);
  const even = pairs.filter(({ cipher }) => (chiSquare(cipher).z ?? 0) < 5);
  if (even.length < 2)
    throw new InputError(
      'cipher pictures are not even enough by themselves: their histograms differ from noise',
    );
  const rows = [];
  for (let i = 0; i < even.length; i++)
    for (let j = i + 1; j < even.length && rows.length < mostPairs; j++) {
      const [a, b] = [even[i]!, even[j]!];
      const xor = xorImages(a.cipher, b.cipher);
      const difference = {
        ...a.cipher,
        data: a.cipher.data.map((v, k) => v - b.cipher.data[k]!) as Raster['data'],
      };
      const z = Math.max(chiSquare(xor).z ?? 0, chiSquare(difference).z ?? 0);
      rows.push({
        pair: `${a.name} and ${b.name}`,
        z,
        equal: agreement(a.cipher, b.cipher),
        xor,
        plains: xorImages(a.plain, b.plain),
      });
    }
  const worst = rows.reduce((most, next) => (next.z > most.z ? next : most));
  if (worst.z <= certain)
    return nothing(`no two of ${even.length} cipher pictures depend on each other (${rows.length} looks)`);
  return {
    broken: true,
    queries: 2,
    share: worst.equal,
    finding: `the cipher pictures of ${worst.pair} were made with one keystream: their mixture is ${worst.z.toFixed(0)} standard deviations from noise`,
    pictures: { 'xor-of-two-ciphers': worst.xor, 'xor-of-two-plains': worst.plains },
  };
};

const isConstant = ({ data }: Raster): boolean => data.every((value: number) => value === data[0]);

const repetition: PairAttack = (pairs) => {
  const constant = pairs.find(({ plain }) => isConstant(plain));
  const other = pairs.find(
    ({ plain, cipher }) => !isConstant(plain) && cipher.data.length === constant?.cipher.data.length,
  );
  if (!constant || !other)
    throw new InputError('no plain picture is constant; add a black one and its cipher picture');
  const { lag, share, z } = strongestLag(constant.cipher.data, other.cipher.data);
  if (z <= certain || share <= worthwhile)
    return nothing('the cipher of a constant picture does not repeat itself');
  return {
    broken: true,
    queries: 1,
    share,
    finding: `the cipher picture of ${constant.name}, which is constant, repeats itself after ${lag} samples, in ${percent(share)} of its samples`,
    pictures: { 'cipher-of-a-constant-picture': constant.cipher },
  };
};

const statistics = {
  entropy,
  'correlation of horizontal neighbours': (r: Raster) => correlation(r, 'horizontal'),
  'correlation of vertical neighbours': (r: Raster) => correlation(r, 'vertical'),
} as const;

/** A statistic of the plain pictures that their cipher pictures follow. */
const toldApart: PairAttack = (pairs) => {
  const varied = pairs.filter(
    ({ plain, cipher }) =>
      !isConstant(plain) && plain.depth === cipher.depth && plain.data.length === cipher.data.length,
  );
  const sorted = (r: Raster): string => [...histogram(r)].sort((a, b) => a - b).join();
  const kept = varied.filter(({ plain, cipher }) => sorted(plain) === sorted(cipher));
  if (varied.length > 0 && kept.length === varied.length)
    return {
      broken: true,
      queries: 1,
      share: 1,
      finding: `a cipher picture has the histogram of its plain picture, but for the order of its bars (all of ${varied.length} pairs): samples are only moved or renamed`,
      pictures: { cipher: varied[0]!.cipher, plain: varied[0]!.plain },
    };
  if (pairs.length < 8) throw new InputError(`it needs 8 pairs, got ${pairs.length}`);
  const rows = Object.entries(statistics).map(([statistic, measure]) => {
    const r = pearson(
      pairs.map(({ plain }) => measure(plain) ?? 0),
      pairs.map(({ cipher }) => measure(cipher) ?? 0),
    );
    return {
      statistic,
      r,
      z: Math.abs(Math.atanh(Math.max(-0.999999, Math.min(0.999999, r)))) * Math.sqrt(pairs.length - 3),
    };
  });
  const best = rows.reduce((most, next) => (next.z > most.z ? next : most));
  if (best.z <= certain)
    return nothing(
      `no statistic of the cipher pictures follows that of the plain pictures (${pairs.length} pairs)`,
      { rows },
    );
  return {
    broken: true,
    queries: 1,
    share: best.r ** 2,
    finding: `the ${best.statistic} of cipher pictures follows that of their plain pictures (r = ${best.r.toFixed(3)}, ${pairs.length} pairs)`,
    details: { rows },
    pictures: { cipher: pairs[0]!.cipher, plain: pairs[0]!.plain },
  };
};

function pearson(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [mean(x), mean(y)];
  const sum = (f: (k: number) => number): number => x.reduce((total, _, k) => total + f(k), 0);
  const spread = Math.sqrt(sum((k) => (x[k]! - mx) ** 2) * sum((k) => (y[k]! - my) ** 2));
  return spread === 0 ? 0 : sum((k) => (x[k]! - mx) * (y[k]! - my)) / spread;
}

/** A cipher picture beside its second one, against second ones of other pictures. */
const equalParts: PairAttack = (all) => {
  const pairs = all.filter(({ second, cipher }) => second && sameShape(second, cipher));
  if (pairs.length === 0) throw new InputError('no second cipher pictures are given; add --second FOLDER');
  const rows = pairs.map(({ name, cipher, second }, k) => {
    const other = pairs.find((one, at) => at !== k && sameShape(one.cipher, cipher))?.cipher;
    const places = other ? varyingPlaces([cipher, other]) : Int32Array.from(cipher.data.keys());
    const chance = other ? hits(second!.data, other.data, places) : places.length / 2 ** cipher.depth;
    const same = hits(cipher.data, second!.data, places);
    return {
      name,
      share: same / Math.max(1, places.length),
      z: aboveControl(same, chance, places.length),
      xor: xorImages(cipher, second!),
    };
  });
  const worst = rows.reduce((most, next) => (next.share > most.share ? next : most));
  if (worst.z <= certain || worst.share <= worthwhile)
    return nothing(`second cipher pictures have nothing in common with the first (${rows.length} pairs)`);
  return {
    broken: true,
    queries: 2,
    share: worst.share,
    finding: `the two cipher pictures of ${worst.name} agree in ${percent(worst.share)} of their samples`,
    pictures: { 'difference-of-ciphers': worst.xor },
  };
};

export const pairAttacks: Readonly<Record<string, PairAttack>> = {
  visible,
  'known-plaintext': knownPlaintext,
  'key-reuse': keyReuse,
  repetition,
  'ciphertext-only': toldApart,
  'equal-parts': equalParts,
};
