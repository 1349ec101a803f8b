/** The cipher on trial as attacks meet it: oracles under numbered keys, pictures to send, counted queries. */
import { createHash } from 'node:crypto';
import type { BlackBox, Laboratory } from '../attacks/black-box/types.ts';
import type { Shape } from '../cipher/index.ts';
import { fundusPhantom } from '../data/images/phantoms/fundus.ts';
import { mriPhantom } from '../data/images/phantoms/mri.ts';
import { seconds } from '../shared/timing.ts';
import type { Raster } from '../shared/types.ts';
import { type BlackBoxCipher, type Sealed, sealedOf } from './black-box/cipher.ts';

/** Key number k of a trial. It protects nothing, so it follows from the seed: the same command makes the same queries. */
export function trialKey(seed: number, k: number, bytes: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, at) =>
    createHash('sha256')
      .update(JSON.stringify(['judge key', seed, k, at]))
      .digest(),
  );
  return Uint8Array.from(Buffer.concat(blocks).subarray(0, bytes));
}

/** The other key, with the first or last bytes of this one. */
function sharedKey(key: Uint8Array, other: Uint8Array, end: 'first' | 'last', bytes: number): Uint8Array {
  const at = end === 'first' ? 0 : key.length - bytes;
  const mixed = Uint8Array.from(other);
  mixed.set(key.subarray(at, at + bytes), at);
  return mixed;
}

export function withBit(key: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(key);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

/** Runs `work` on every item, at most `atOnce` at a time; the first failure ends it. */
export async function inTurns<Item, Answer>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      answers[at] = await work(items[at]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  return answers;
}

/** Counts and times all queries of a judgement. */
export class Meter {
  queries = 0;
  #busy = 0;

  async time<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const started = seconds();
    try {
      return await work();
    } finally {
      this.queries++;
      this.#busy += seconds() - started;
    }
  }

  /** Seconds of a query so far. */
  get secondsEach(): number {
    return this.#busy / Math.max(1, this.queries);
  }
}

export interface Bench {
  readonly cipher: BlackBoxCipher;
  readonly seed: number;
  readonly keyBytes: number;
  readonly meter: Meter;
}

export const encryptWith = ({ cipher, meter }: Bench, plain: Raster, key: Uint8Array): Promise<Sealed> =>
  meter.time(async () => sealedOf(await cipher.encrypt(plain, key)));

/** @returns null where the cipher refuses */
export async function decryptWith(
  { cipher, meter }: Bench,
  picture: Raster,
  key: Uint8Array,
  extra: Uint8Array,
): Promise<Raster | null> {
  try {
    return await meter.time(async () => cipher.decrypt!(picture, key, extra));
  } catch {
    return null;
  }
}

/** What travels beside each cipher picture, a nonce or a tag: whoever has the picture has it, under any key. */
type Extras = WeakMap<Raster, Uint8Array>;

function oracleUnder(bench: Bench, key: Uint8Array, extras: Extras): BlackBox {
  let queries = 0;
  const one = async (plain: Raster): Promise<Raster> => {
    queries++;
    const { image, extra } = await encryptWith(bench, plain, key);
    extras.set(image, extra);
    return image;
  };
  return {
    get queries() {
      return queries;
    },
    encrypt: (plains) => inTurns(plains, bench.cipher.atOnce ?? 1, one),
    ...(bench.cipher.decrypt && {
      decrypt: (cipher: Raster, made: Raster) => {
        queries++;
        return decryptWith(bench, cipher, key, extras.get(made) ?? new Uint8Array(0));
      },
    }),
  };
}

export function laboratoryOf(bench: Bench, shape: Shape, thorough: boolean): Laboratory {
  const { seed, keyBytes } = bench;
  const keyOf = (k: number): Uint8Array => trialKey(seed, k, keyBytes);
  const extras: Extras = new WeakMap();
  return {
    shape,
    seed,
    thorough,
    affordable: Number.POSITIVE_INFINITY,
    keyBits: 8 * keyBytes,
    oracle: (k) => oracleUnder(bench, keyOf(k), extras),
    sharing: (k, end, bytes) =>
      oracleUnder(bench, sharedKey(keyOf(k), keyOf(k + 500_000), end, bytes), extras),
    photo: (k, other = shape) => photoOf(other, seed + k),
  };
}

/** A generated picture of any shape: brain slices and, every second time, fundus photographs. */
export function photoOf({ width, height, channels, depth }: Shape, seed: number): Raster {
  const source = seed % 2 === 0 ? fundusPhantom(width, height, seed) : mriPhantom(width, height, seed);
  const data =
    depth === 8 ? new Uint8Array(width * height * channels) : new Uint16Array(width * height * channels);
  const scale = depth === 8 ? 1 : 257;
  for (let k = 0; k < data.length; k++) {
    const [pixel, c] = [Math.floor(k / channels), k % channels];
    data[k] = scale * source.data[pixel * source.channels + Math.min(c, source.channels - 1)]!;
  }
  return { width, height, channels, depth, data };
}
