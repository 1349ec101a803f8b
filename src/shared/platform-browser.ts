/** platform.ts in a browser. Its hash is synchronous, as the seeded generator needs it; WebCrypto's is not. */
import { sha256 as hash256, sha512 as hash512 } from '@noble/hashes/sha2.js';
import { buf } from 'crc-32';
import type * as node from './platform.ts';

export const sha256: typeof node.sha256 = (data) =>
  hash256(typeof data === 'string' ? new TextEncoder().encode(data) : data);

export const sha512: typeof node.sha512 = (data) => hash512(data);

export const randomBytes: typeof node.randomBytes = (count) =>
  globalThis.crypto.getRandomValues(new Uint8Array(count));

export const crc32: typeof node.crc32 = (data) => buf(data) >>> 0;

/** Characters that one call makes: engines limit the number of arguments. */
const atOnce = 2 ** 15;

export const base64: typeof node.base64 = ({ buffer, byteOffset, byteLength }) => {
  let text = '';
  for (let at = 0; at < byteLength; at += atOnce)
    text += String.fromCharCode(
      ...new Uint8Array(buffer, byteOffset + at, Math.min(atOnce, byteLength - at)),
    );
  return btoa(text);
};

export const bytesOfBase64: typeof node.bytesOfBase64 = (text) =>
  Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

export const cores: typeof node.cores = () =>
  (globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator?.hardwareConcurrency ?? 1;
