/** What the vectors of all envelopes share: a short content, recipients, drafts of invalid ones. */
import type { Row } from './jwe.ts';
import { type KeyName, publicPem } from './keys.ts';
import { flipped, sha256 } from './pictures.ts';
import type { Draft } from './vector.ts';

export const payload = Buffer.from('a key file\n\x00\xff', 'latin1');

export const header = { cty: 'application/json', scheme: 'hardened', preset: 'sound' };

export const expected = { header, sha256: sha256(payload) };

export const to = (...names: KeyName[]): string[] => names.map(publicPem);

export const input = (envelope: Uint8Array | string, privateKey: KeyName) => ({
  envelope: typeof envelope === 'string' ? Buffer.from(envelope) : envelope,
  privateKey,
});

export const invalid = (rows: readonly Row[]): Draft[] =>
  rows.map(([id, comment, flags, envelope, key]) => ({ id, comment, flags, input: input(envelope, key) }));

export const bitOf = (text: string): string =>
  flipped(Buffer.from(text, 'base64url'), 0).toString('base64url');
