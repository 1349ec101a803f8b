/**
 * Reconstruction of [14] (Ibrahim, Alharbi 2020, IEEE Access 8:194289).
 * Known: a random nonce and a secure hash give Henon's start for each picture; dynamic S-boxes from the Henon map; elliptic
 * curves carry the secret key; about 60 MB/s.
 * Textbook: x' = 1 - 1.4 x^2 + y, y' = 0.3 x; an S-box is the order of 256 values of an orbit.
 * Chosen: 16 bytes of nonce; SHA-256(secret, nonce) gives x0 in +-0.2, y0 in +-0.1 (52 bits each), which end on the
 * attractor, two first bytes and the choice of boxes; 1000 steps dropped; 16 S-boxes; over the bytes of the samples
 *   C(k) = S[(k + s) mod 16][P(k) xor C(k-1)],  then the same from the last byte to the first with s + 8.
 * The curve is left out: the secret is the key that it would carry, and is not timed.
 */
import { henonMap } from '../../chaos/henon.ts';
import { mapOrbit } from '../../chaos/map.ts';
import { joinBytes } from '../../shared/exact.ts';
import { randomBytes, sha256 } from '../../shared/platform.ts';
import { sortIndex } from '../permute.ts';
import { keyFraction, keyInteger, type Plane, type Samples, sessionPeer } from './_plane.ts';

const boxes = 16;
const boxSize = 256;

interface Secrets {
  /** Box b at 256 b. */
  readonly sBoxes: Uint8Array;
  /** The boxes turned round. */
  readonly inverse: Uint8Array;
  readonly shift: number;
  /** What stands before the first byte of each pass. */
  readonly before: readonly [number, number];
}

function secretsOf(key: Uint8Array, nonce: Uint8Array): Secrets {
  const hash = sha256(joinBytes([key, nonce]));
  const start = [0.4 * (keyFraction(hash, 0) - 0.5), 0.2 * (keyFraction(hash, 52) - 0.5)];
  const orbit = mapOrbit(henonMap, boxes * boxSize, { start, burnIn: 1000 });
  const sBoxes = new Uint8Array(orbit.length);
  const inverse = new Uint8Array(orbit.length);
  for (let at = 0; at < orbit.length; at += boxSize) {
    const order = sortIndex(orbit.subarray(at, at + boxSize), 'ascending');
    sBoxes.set(order, at);
    for (const [i, value] of order.entries()) inverse[at + value] = i;
  }
  const before = [keyInteger(hash, 104, 8), keyInteger(hash, 112, 8)] as const;
  return { sBoxes, inverse, shift: keyInteger(hash, 120, 4), before };
}

/** The bytes of the samples, not copied. */
const bytesIn = ({ buffer, byteOffset, byteLength }: Samples): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const boxAt = (k: number, shift: number): number => ((k + shift) % boxes) * boxSize;

function encrypt({ data }: Plane, key: Uint8Array, nonce: Uint8Array): Samples {
  const { sBoxes, shift, before } = secretsOf(key, nonce);
  const bytes = bytesIn(data);
  let last = before[0];
  for (let k = 0; k < bytes.length; k++) {
    last = sBoxes[boxAt(k, shift) + (bytes[k]! ^ last)]!;
    bytes[k] = last;
  }
  last = before[1];
  for (let k = bytes.length - 1; k >= 0; k--) {
    last = sBoxes[boxAt(k, shift + 8) + (bytes[k]! ^ last)]!;
    bytes[k] = last;
  }
  return data;
}

function decrypt({ data }: Plane, key: Uint8Array, nonce: Uint8Array): Samples {
  const { inverse, shift, before } = secretsOf(key, nonce);
  const bytes = bytesIn(data);
  const end = bytes.length - 1;
  for (let k = 0; k <= end; k++)
    bytes[k] = inverse[boxAt(k, shift + 8) + bytes[k]!]! ^ (k < end ? bytes[k + 1]! : before[1]);
  for (let k = end; k >= 0; k--)
    bytes[k] = inverse[boxAt(k, shift) + bytes[k]!]! ^ (k > 0 ? bytes[k - 1]! : before[0]);
  return data;
}

const nonceBytes = 16;

export const henonSbox = sessionPeer(
  {
    name: 'henon-sbox',
    label: 'Ibrahim, Alharbi [14]',
    standing: 'reconstruction',
    reference: 'ref14',
    source:
      'Ibrahim, Alharbi 2020, IEEE Access 8:194289; rounds and chaining chosen, without the elliptic curve',
    fresh: true,
  },
  { bytes: nonceBytes, of: () => randomBytes(nonceBytes) },
  encrypt,
  decrypt,
);
