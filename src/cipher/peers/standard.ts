/**
 * The standard ciphers that the chaotic peers are measured against: AES-256-GCM (FIPS 197, SP 800-38D), and
 * ChaCha20-Poly1305 (RFC 8439), fast without AES instructions too. Both are AEAD ciphers of node:crypto over the samples'
 * bytes: fresh nonce, tag, shape as associated data.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { InputError } from '../../shared/errors.ts';
import { bytesOf } from '../../shared/exact.ts';
import type { Raster } from '../../shared/types.ts';
import { type Shape, shapeOf, shapeText } from '../keys.ts';
import { type Peer, type PeerKey, secretPeer } from './_plane.ts';

const [nonceBytes, tagBytes] = [12, 16];
const options = { authTagLength: tagBytes };

function standardPeer(name: 'aes-256-gcm' | 'chacha20-poly1305', label: string, source: string): Peer {
  // @types/node has one overload per kind of cipher; both kinds take and give the same.
  const algorithm = name as 'aes-256-gcm';
  const encrypt = (plain: Raster, secret: Uint8Array) => {
    const nonce = randomBytes(nonceBytes);
    const aead = createCipheriv(algorithm, secret, nonce, options).setAAD(Buffer.from(shapeText(plain)));
    const cipher = rasterOf(plain, aead.update(bytesOf(plain.data)));
    aead.final();
    return { cipher, extra: Buffer.concat([nonce, aead.getAuthTag()]) };
  };
  const decrypt = (cipher: Raster, { secret, extra }: PeerKey): Raster => {
    if (extra.length !== nonceBytes + tagBytes)
      throw new InputError(`nonce and tag expected ${nonceBytes + tagBytes} bytes, got ${extra.length}`);
    const aead = createDecipheriv(algorithm, secret, extra.subarray(0, nonceBytes), options)
      .setAAD(Buffer.from(shapeText(cipher)))
      .setAuthTag(extra.subarray(nonceBytes));
    const plain = aead.update(bytesOf(cipher.data));
    try {
      aead.final();
    } catch {
      throw new InputError('the cipher image, its tag or the key is not the one that belongs here');
    }
    return rasterOf(cipher, plain);
  };
  return secretPeer({ name, label, source, standing: 'standard', fresh: true }, encrypt, decrypt);
}

function rasterOf(shape: Shape, bytes: Buffer): Raster {
  if (shape.depth === 8) return { ...shapeOf(shape), data: new Uint8Array(bytes) };
  return { ...shapeOf(shape), data: new Uint16Array(Uint8Array.from(bytes).buffer) };
}

export const aes256gcm = standardPeer(
  'aes-256-gcm',
  'AES-256-GCM',
  'FIPS 197 and NIST SP 800-38D, by node:crypto',
);
export const chacha20poly1305 = standardPeer(
  'chacha20-poly1305',
  'ChaCha20-Poly1305',
  'RFC 8439, by node:crypto',
);
