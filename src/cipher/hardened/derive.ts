/**
 * Keys of the hardened scheme: HKDF-SHA-256 (RFC 5869; Krawczyk 2010, CRYPTO). Input keying material is the random
 * key, salt the nonce, info a label with the SHA-256 of the context: format, map, parameters to the bit, metadata and
 * shape. A change of any of them, one ulp or one second, gives unrelated keys.
 */
import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { MapName } from '../../chaos/maps.ts';
import { InputError } from '../../shared/errors.ts';
import { hexOf } from '../../shared/exact.ts';
import type { MapParams } from '../../shared/types.ts';
import { type Shape, shapeOf } from '../keys.ts';
import { checkParams } from '../parameters.ts';

/** What the sender puts in beside the secrets. */
export interface HardenedInput {
  readonly map: MapName;
  /** [r] or [sigma, rho, beta], by the network or by hand. */
  readonly params: MapParams;
  /** The image's date as text, say; authenticated, and secret only inside the envelope. Null where there is none. */
  readonly metadata: string | null;
}

/** 32 random bytes each, for one image. */
export interface Secrets {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

const length = 32;

export const freshSecrets = (): Secrets => ({ key: randomBytes(length), nonce: randomBytes(length) });

/** @throws InputError unless both have 32 bytes */
export function checkSecrets({ key, nonce }: Secrets): void {
  for (const [name, value] of Object.entries({ key, nonce }))
    if (!(value instanceof Uint8Array) || value.length !== length)
      throw new InputError(
        `"${name}" expected ${length} bytes, got ${value?.length}; ask for the key file again`,
      );
}

/**
 * All that is authenticated beside the image, in one canonical form: JSON in this order.
 * @throws InputError if a parameter is out of range
 */
export function contextOf({ map, params, metadata }: HardenedInput, shape: Shape): Buffer {
  checkParams(map, params);
  const fields = { format, map, parameters: params.map(hexOf), metadata, ...shapeOf(shape) };
  return Buffer.from(JSON.stringify(fields));
}

/** The name of this version of the scheme; it is part of every key. */
export const format = 'medchaos hardened 1';

function derive({ key, nonce }: Secrets, context: Buffer, label: string, bytes: number): Buffer {
  const info = Buffer.concat([Buffer.from(`${label}\0`), createHash('sha256').update(context).digest()]);
  return Buffer.from(hkdfSync('sha256', key, nonce, info, bytes));
}

export const aesOf = (secrets: Secrets, context: Buffer): { key: Buffer; iv: Buffer } => ({
  key: derive(secrets, context, 'aes-256-gcm key', 32),
  iv: derive(secrets, context, 'aes-256-gcm iv', 12),
});

/** Where the three orbits start: 52-bit fractions strictly between 0 and 1, big-endian words of 8 bytes. */
export function startsOf(secrets: Secrets, context: Buffer): [number, number, number] {
  const words = derive(secrets, context, 'starts', 24);
  const start = (at: number): number => (Number(words.readBigUInt64BE(at) >> 12n) + 0.5) / 2 ** 52;
  return [start(0), start(8), start(16)];
}

/** First states of the two diffusion passes. */
export function seedsOf(secrets: Secrets, context: Buffer): readonly [number, number] {
  const words = derive(secrets, context, 'feedback', 8);
  return [words.readInt32BE(0), words.readInt32BE(4)];
}
