/**
 * Authentication of an EnvelopedData, which its AES-CBC lacks: HMAC-SHA-256 over the encoded fields, with a key that
 * HKDF-SHA-256 derives from the content key. The MAC is an unprotected attribute (RFC 5652, section 6.1), which other
 * programs skip.
 *
 * Removing the MAC gains nothing, for the content key itself demands it: its last 6 bytes are a hash of the 26 random
 * ones before them. A key of another program looks like that with a probability of 2^-48.
 */
import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import * as asn1js from 'asn1js';
import { octets, tagged } from './_asn1.ts';

/** A UUID of our own (X.667, section 6), as in our DICOM files, and below it a number. */
const macType = new asn1js.ObjectIdentifier({ value: '2.25.255087979135117315037217142799778253053.1' });

const randomLength = 26;
const keyLength = 32;

/** A content key of AES-256 that demands a MAC. */
export function macDemandingKey(): Buffer {
  const random = randomBytes(randomLength);
  return Buffer.concat([random, checkOf(random)]);
}

export const demandsMac = (key: Buffer): boolean =>
  key.length === keyLength && key.subarray(randomLength).equals(checkOf(key.subarray(0, randomLength)));

const checkOf = (random: Buffer): Buffer =>
  createHash('sha256')
    .update('medchaos cms key 1\0')
    .update(random)
    .digest()
    .subarray(0, keyLength - randomLength);

function macOf(fields: Uint8Array, contentKey: Buffer): Buffer {
  const key = Buffer.from(hkdfSync('sha256', contentKey, '', 'medchaos cms mac 1', 32));
  return createHmac('sha256', key).update(fields).digest();
}

/** UnprotectedAttributes with the MAC of these fields. */
export const macAttributes = (fields: Uint8Array, contentKey: Buffer): asn1js.BaseBlock =>
  tagged(1, [
    new asn1js.Sequence({ value: [macType, new asn1js.Set({ value: [octets(macOf(fields, contentKey))] })] }),
  ]);

/** Whether these UnprotectedAttributes are the MAC of these fields, and nothing else. */
export function isMac(attributes: asn1js.BaseBlock | null, fields: Uint8Array, contentKey: Buffer): boolean {
  const expected = Buffer.from(macAttributes(fields, contentKey).toBER(false));
  const found = attributes?.valueBeforeDecodeView;
  return found?.length === expected.length && timingSafeEqual(found, expected);
}

/** Whether there is a MAC, right or wrong. */
export function hasMacAttribute(attributes: asn1js.BaseBlock | null): boolean {
  const found = Buffer.from(attributes?.valueBeforeDecodeView ?? []);
  return found.includes(Buffer.from(macType.toBER(false)));
}
