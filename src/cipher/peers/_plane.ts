/**
 * What the peers share. Their papers write of grey images: a colour image is taken as one plane of H rows and W * C
 * columns, samples as they lie in memory, so that each channel has keystream of its own.
 */
import { InputError } from '../../shared/errors.ts';
import { joinBytes } from '../../shared/exact.ts';
import { randomBytes } from '../../shared/platform.ts';
import type { Raster } from '../../shared/types.ts';
import { checkRaster, type Samples, shapeOf } from '../keys.ts';
import { anyChannels, type Scheme } from '../scheme.ts';

export type { Samples } from '../keys.ts';

/** A grey matrix, row after row. */
export interface Plane {
  readonly rows: number;
  readonly columns: number;
  readonly depth: 8 | 16;
  readonly data: Samples;
}

const keyBytes = 32;

/** @throws InputError unless it has 32 bytes */
export function checkKey(key: Uint8Array): void {
  if (!(key instanceof Uint8Array) || key.length !== keyBytes)
    throw new InputError(
      `"key" expected ${keyBytes} bytes, got ${key?.length}; make one with randomBytes(32)`,
    );
}

/** What decrypts a peer's cipher image. */
export interface PeerKey {
  readonly secret: Uint8Array;
  /** Nonce and tag of a standard cipher; the chaotic ones need nothing beside the secret. */
  readonly extra: Uint8Array;
}

export type Peer = Scheme<Uint8Array, PeerKey>;

/** What tells one peer from another. */
export type PeerFacts = Pick<Peer, 'name' | 'label' | 'source' | 'standing' | 'reference'> &
  Partial<Pick<Peer, 'channels'>>;

/** `channels` of a peer whose paper encrypts grey pictures, and whose figures depend on it. */
export const greyOnly = [1] as const;

/** A scheme keyed by 32 secret bytes, without a key file: the bare key is the secret, then all else. */
export const secretPeer = (
  facts: PeerFacts & Pick<Peer, 'fresh'>,
  encrypt: (plain: Raster, secret: Uint8Array) => { readonly cipher: Raster; readonly extra: Uint8Array },
  decrypt: (cipher: Raster, key: PeerKey) => Raster,
): Peer => ({
  channels: anyChannels,
  ...facts,
  keyedBy: 'secret',
  keys: ({ secret = randomBytes(keyBytes) }) => secret,
  encrypt(plain, secret) {
    checkRaster(plain);
    checkChannels(facts, plain);
    checkKey(secret);
    const { cipher, extra } = encrypt(plain, secret);
    return { cipher, key: { secret, extra } };
  },
  decrypt(cipher, key) {
    checkRaster(cipher);
    checkKey(key.secret);
    return decrypt(cipher, key);
  },
  rekey: (key, { secret = key.secret }) => ({ ...key, secret }),
  pack: ({ secret, extra }) => joinBytes([secret, extra]),
  unpack: (bytes) => ({ secret: bytes.subarray(0, keyBytes), extra: bytes.subarray(keyBytes) }),
  keyFile: null,
});

/** @throws InputError for a picture with channels that the cipher does not take */
function checkChannels({ label, channels = anyChannels }: PeerFacts, plain: Raster): void {
  if (!channels.includes(plain.channels))
    throw new InputError(
      `${label} expected a picture of ${channels.join(' or ')} channel, got ${plain.channels}; convert it to grey`,
    );
}

/** A step of a cipher whose keys depend on the session too. */
type SessionStep = (plane: Plane, key: Uint8Array, session: Uint8Array) => Samples;

/**
 * A cipher whose keys depend on bytes besides the secret, which travel with the cipher picture: a hash of the picture
 * or a nonce.
 */
export function sessionPeer(
  facts: PeerFacts & Pick<Peer, 'fresh'>,
  session: { readonly bytes: number; readonly of: (plane: Plane) => Uint8Array },
  forward: SessionStep,
  backward: SessionStep,
): Peer {
  return secretPeer(
    facts,
    (plain, secret) => {
      const plane = planeOf(plain);
      const extra = session.of(plane);
      return { cipher: { ...shapeOf(plain), data: forward(plane, secret, extra) }, extra };
    },
    (cipher, { secret, extra }) => {
      checkExtra(extra, session.bytes);
      return { ...shapeOf(cipher), data: backward(planeOf(cipher), secret, extra) };
    },
  );
}

/** @throws InputError unless the key brings as many bytes besides the secret */
export function checkExtra({ length }: Uint8Array, bytes: number): void {
  if (length !== bytes)
    throw new InputError(
      `the key expected ${bytes} bytes behind the secret, got ${length}; give those that encryption returned`,
    );
}

const nothing = new Uint8Array(0);

/** A deterministic cipher from two functions that change a plane in place or return another. */
export function planePeer(
  facts: PeerFacts,
  forward: (plane: Plane, key: Uint8Array) => Samples,
  backward: (plane: Plane, key: Uint8Array) => Samples,
): Peer {
  const through = (raster: Raster, key: Uint8Array, way: typeof forward): Raster => ({
    ...shapeOf(raster),
    data: way(planeOf(raster), key),
  });
  return secretPeer(
    { ...facts, fresh: false },
    (plain, secret) => ({ cipher: through(plain, secret, forward), extra: nothing }),
    (cipher, { secret }) => through(cipher, secret, backward),
  );
}

/** A copy: it may be changed. */
export const planeOf = ({ width, height, channels, depth, data }: Raster): Plane => ({
  rows: height,
  columns: width * channels,
  depth,
  data: data.slice(),
});

/** `count` bits of the key from bit `from` on, the first one the highest. @param count at most 52 */
export function keyInteger(key: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let k = from; k < from + count; k++) value = 2 * value + ((key[k >> 3]! >> (7 - (k & 7))) & 1);
  return value;
}

/** The same bits as a fraction from 0 up to 1. */
export const keyFraction = (key: Uint8Array, from: number, count = 52): number =>
  keyInteger(key, from, count) / 2 ** count;

/** An order of as many places as there are values in [0, 1) (Fisher and Yates). */
export function shuffledBy(values: Float64Array): Int32Array {
  const order = Int32Array.from(values, (_, k) => k);
  for (let k = order.length - 1; k > 0; k--) {
    const other = Math.floor(values[k]! * (k + 1));
    const last = order[k]!;
    order[k] = order[other]!;
    order[other] = last;
  }
  return order;
}

/** The side of the largest square or cube of at most n samples, then of what is left, until less than 2^power remains. */
export function blocksOf(n: number, power: 2 | 3): number[] {
  const sides: number[] = [];
  for (let left = n; left >= 2 ** power; left -= sides.at(-1)! ** power) {
    const root = Math.round(left ** (1 / power));
    sides.push(root ** power > left ? root - 1 : root);
  }
  return sides;
}
