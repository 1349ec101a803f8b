/** Random strings of a CMS envelope that happen to read as DER themselves, as some do by chance. */
import { expect, test, vi } from 'vitest';
import { type CmsKind, makeKeyPair, openCms, sealCms } from '../../../src/cipher/index.ts';

/** Nonces of 12 and IVs of 16 bytes that begin with this tag. */
const forced: { head: number[] } = { head: [] };
vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  const randomBytes = (size: number): Buffer => {
    const bytes = real.randomBytes(size);
    return size === 12 || size === 16 ? Buffer.concat([headFor(size), bytes]).subarray(0, size) : bytes;
  };
  return { ...real, default: { ...real, randomBytes }, randomBytes };
});

/** The forced tag, and a length that reaches to the end. */
const headFor = (size: number): Buffer =>
  Buffer.from(forced.head.length === 0 ? [] : [forced.head[0]!, size - 2, ...forced.head.slice(1)]);

const payload = Buffer.from('a key file');

test.each<[CmsKind, string, number[]]>([
  ['authenticated', 'OCTET STRING', [0x04]],
  ['enveloped', 'OCTET STRING', [0x04]],
  ['authenticated', 'SEQUENCE that ends at once', [0x30, 0x04, 0x08]],
  ['enveloped', 'SEQUENCE of a string', [0x30, 0x04, 0x0c]],
  ['authenticated', 'context tag', [0x80]],
])('%s: a nonce that reads as %s', async (kind, _, head) => {
  forced.head = [];
  const { publicPem, privatePem } = await makeKeyPair(2048);
  forced.head = head;
  const sealed = sealCms(payload, [publicPem], kind);
  const size = kind === 'enveloped' ? 16 : 12;
  expect(sealed.includes(headFor(size))).toBe(true);
  expect(openCms(sealed, kind, privatePem).equals(payload)).toBe(true);
});
