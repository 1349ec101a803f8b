/**
 * The things that Node and a browser do in different ways. A bundler takes platform-browser.ts in place of this file
 * (`browser` in package.json); both give the same bytes.
 */
import { createHash, randomBytes as random } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { crc32 as crc } from 'node:zlib';

/** SHA-256 of bytes, or of a text as UTF-8. */
export const sha256 = (data: string | Uint8Array): Uint8Array => createHash('sha256').update(data).digest();

export const sha512 = (data: Uint8Array): Uint8Array => createHash('sha512').update(data).digest();

/** From the system's generator, for keys. */
export const randomBytes = (count: number): Uint8Array => random(count);

export const crc32 = (data: Uint8Array): number => crc(data);

export const base64 = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

export const bytesOfBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(text, 'base64'));

/** Cores that this program may use. */
export const cores = (): number => availableParallelism();
