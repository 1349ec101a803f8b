/** Properties of a cipher, each named once: what one changed sample, key bit or cipher bit does. None of them is a break by itself. */

import { noisePicture } from '../attacks/black-box/_samples.ts';
import { neighbours } from '../attacks/black-box/equal-parts.ts';
import { hashOf } from '../attacks/black-box/few-keys.ts';
import { agreement } from '../attacks/images.ts';
import { type Shape, sameShape } from '../cipher/index.ts';
import { keySensitivity as compare, differentialLimits } from '../metrics/index.ts';
import { InputError } from '../shared/errors.ts';
import { stream } from '../shared/random.ts';
import { mean } from '../shared/stats.ts';
import type { Raster } from '../shared/types.ts';
import { type Bench, decryptWith, encryptWith, inTurns, photoOf, trialKey, withBit } from './laboratory.ts';

/** NPCR and UACI in percent, avalanche as a share, over many changes. */
export interface Spread {
  readonly changes: number;
  readonly npcr: readonly [mean: number, min: number, max: number];
  readonly uaci: readonly [mean: number, min: number, max: number];
  readonly avalanche: readonly [mean: number, min: number, max: number];
  /** Shares of the changes inside the 99 % intervals of two independent pictures. */
  readonly npcrInside: number;
  readonly uaciInside: number;
  readonly rows: readonly {
    readonly change: string;
    readonly npcr: number;
    readonly uaci: number;
    readonly avalanche: number;
  }[];
}

const range = (values: readonly number[]): [number, number, number] => [
  mean(values),
  Math.min(...values),
  Math.max(...values),
];

/** @throws InputError if there is no pair, or its pictures differ in size */
export function spreadOf(pairs: readonly { change: string; a: Raster; b: Raster }[]): Spread {
  if (pairs.length === 0) throw new InputError('there are no two cipher pictures to compare');
  const rows = pairs.map(({ change, a, b }) => {
    if (!sameShape(a, b)) throw new InputError('the cipher pictures have different sizes');
    const { npcr, uaci, avalanche } = compare(a, b);
    return { change, npcr: npcr.value ?? 0, uaci: uaci.value ?? 0, avalanche: avalanche.value ?? 0 };
  });
  const { npcr, uaci } = differentialLimits(pairs[0]!.a.data.length, 0.01, pairs[0]!.a.depth);
  const inside = (value: number, [low, high]: readonly [number, number]): number =>
    value >= low && value <= high ? 1 : 0;
  return {
    changes: rows.length,
    npcr: range(rows.map((row) => row.npcr)),
    uaci: range(rows.map((row) => row.uaci)),
    avalanche: range(rows.map((row) => row.avalanche)),
    npcrInside: mean(rows.map((row) => inside(row.npcr, npcr))),
    uaciInside: mean(rows.map((row) => inside(row.uaci, uaci))),
    rows,
  };
}

/** One sample of the picture changed, at many places, by one bit and by one level. */
export async function differentialOf(bench: Bench, shape: Shape, randomPlaces: number): Promise<Spread> {
  const base = photoOf(shape, bench.seed + 1);
  const key = trialKey(bench.seed, 0, bench.keyBytes);
  const changes = neighbours(base, bench.seed, randomPlaces);
  const encrypt = async (plain: Raster): Promise<Raster> => (await encryptWith(bench, plain, key)).image;
  const [first, ...rest] = (await inTurns(
    [base, ...changes.map(({ picture }) => picture)],
    bench.cipher.atOnce ?? 1,
    encrypt,
  )) as [Raster, ...Raster[]];
  return spreadOf(rest.map((b, k) => ({ change: changes[k]!.name, a: first, b })));
}

export interface KeyUse {
  /** Bits that were turned over. */
  readonly bits: number;
  /** Key bits that change nothing. */
  readonly ignored: readonly number[];
  /** Groups of key bits with one and the same effect count once. */
  readonly effectiveBits: number;
  /** Keys one bit away that decryption refuses. */
  readonly refused: number;
  /** null where a key was refused: nothing came out that could be compared. */
  readonly spread: Spread | null;
}

/** Every bit of the key turned over, or `most` of them, evenly spread. Of a cipher with a nonce the cipher picture is decrypted with the other key. */
export async function keyUse(
  bench: Bench,
  shape: Shape,
  deterministic: boolean,
  most: number,
): Promise<KeyUse> {
  const plain = noisePicture(shape, bench.seed, 'key use');
  const key = trialKey(bench.seed, 0, bench.keyBytes);
  const { image, extra } = await encryptWith(bench, plain, key);
  if (!deterministic && !bench.cipher.decrypt)
    throw new InputError(
      'the cipher draws a nonce and no decryption is given, so that keys cannot be compared',
    );
  const flipped = async (bit: number): Promise<Raster | null> =>
    deterministic
      ? (await encryptWith(bench, plain, withBit(key, bit))).image
      : decryptWith(bench, image, withBit(key, bit), extra);
  const total = 8 * bench.keyBytes;
  const tried = Math.min(total, most);
  const bits = Array.from({ length: tried }, (_, k) => Math.floor((k * total) / tried));
  const found = await inTurns(bits, bench.cipher.atOnce ?? 1, flipped);
  const answers = new Map(bits.map((bit, k) => [bit, found[k]!]));
  const reference = deterministic ? image : plain;
  const ignored = bits.filter((bit) => {
    const answer = answers.get(bit);
    return answer && sameShape(answer, reference) && agreement(answer, reference) === 1;
  });
  const effects = new Set(
    bits
      .filter((bit) => !ignored.includes(bit))
      .map((bit) => (answers.get(bit) ? hashOf(answers.get(bit)!) : `refused ${bit}`)),
  );
  const refused = found.filter((answer) => answer === null).length;
  const pairs = bits.flatMap((bit) => {
    const b = answers.get(bit);
    return b && sameShape(b, reference) ? [{ change: `bit ${bit}`, a: reference, b }] : [];
  });
  const spread = refused === 0 && pairs.length > 0 ? spreadOf(pairs) : null;
  return { bits: bits.length, ignored, effectiveBits: effects.size, refused, spread };
}

export interface Damage {
  readonly tried: number;
  /** Damaged cipher pictures that decryption refused. */
  readonly refused: number;
  /** All refused: the cipher is authenticated. */
  readonly authenticated: boolean;
  /** Share of plain samples that one flipped bit of the cipher picture changes, where it is decrypted. */
  readonly errorPropagation: number | null;
  /** Share of plain samples that are lost with a sixteenth of the cipher picture. */
  readonly lossPropagation: number | null;
}

/** One bit turned over at eight places, and a sixteenth of the cipher picture set to 0. */
export async function damageOf(bench: Bench, shape: Shape): Promise<Damage> {
  if (!bench.cipher.decrypt)
    throw new InputError('no decryption is given; add --decrypt to test noise, loss and forgery');
  const plain = photoOf(shape, bench.seed);
  const key = trialKey(bench.seed, 0, bench.keyBytes);
  const { image, extra } = await encryptWith(bench, plain, key);
  const random = stream(bench.seed, 'damage');
  const flips = Array.from({ length: 8 }, () =>
    flipped(image, random.int(image.data.length), random.int(image.depth)),
  );
  const damaged = [...flips, cropped(image)];
  const back = await inTurns(damaged, bench.cipher.atOnce ?? 1, (one) => decryptWith(bench, one, key, extra));
  const wrong = back.map((one) => (one && sameShape(one, plain) ? 1 - agreement(one, plain) : null));
  const known = wrong.slice(0, 8).filter((share) => share !== null);
  const refused = back.filter((one) => one === null).length;
  return {
    tried: damaged.length,
    refused,
    authenticated: refused === damaged.length,
    errorPropagation: known.length > 0 ? mean(known) : null,
    lossPropagation: wrong[8] ?? null,
  };
}

function flipped(image: Raster, at: number, bit: number): Raster {
  const data = image.data.slice();
  data[at]! ^= 1 << bit;
  return { ...image, data };
}

function cropped(image: Raster): Raster {
  const data = image.data.slice();
  const n = Math.ceil(data.length / 16);
  const from = Math.floor((data.length - n) / 2);
  for (let k = from; k < from + n; k++) data[k] = data[k]! === 0 ? 255 : 0;
  return { ...image, data };
}
