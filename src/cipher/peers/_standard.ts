/** AEAD ciphers of node:crypto over the samples' bytes: fresh nonce, tag, shape as associated data. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { InputError } from '../../shared/errors.ts';
import type { Raster } from '../../shared/types.ts';
import { bytesOf } from '../keyfile/keyfile.ts';
import { checkRaster, shapeOf, shapeText } from '../keys.ts';
import { checkKey } from './_plane.ts';
import type { Peer } from './types.ts';

const [nonceBytes, tagBytes] = [12, 16];

export function standardPeer(
  algorithm: 'aes-256-gcm' | 'chacha20-poly1305',
  about: Pick<Peer, 'name' | 'source'>,
): Peer {
  // @types/node has one overload per kind of cipher; both kinds take and give the same.
  const as = algorithm as 'aes-256-gcm';
  const options = { authTagLength: tagBytes };
  return {
    ...about,
    standard: true,
    encrypt(plain, key) {
      checkRaster(plain);
      checkKey(key);
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(as, key, nonce, options).setAAD(Buffer.from(shapeText(plain)));
      const image = rasterOf(plain, cipher.update(bytesOf(plain.data)));
      cipher.final();
      return { image, extra: Buffer.concat([nonce, cipher.getAuthTag()]) };
    },
    decrypt({ image, extra }, key) {
      checkRaster(image);
      checkKey(key);
      if (extra.length !== nonceBytes + tagBytes)
        throw new InputError(`nonce and tag expected ${nonceBytes + tagBytes} bytes, got ${extra.length}`);
      const decipher = createDecipheriv(as, key, extra.subarray(0, nonceBytes), options)
        .setAAD(Buffer.from(shapeText(image)))
        .setAuthTag(extra.subarray(nonceBytes));
      const plain = decipher.update(bytesOf(image.data));
      try {
        decipher.final();
      } catch {
        throw new InputError('the cipher image, its tag or the key is not the one that belongs here');
      }
      return rasterOf(image, plain);
    },
  };
}

function rasterOf(shape: Raster, bytes: Buffer): Raster {
  if (shape.depth === 8) return { ...shapeOf(shape), data: new Uint8Array(bytes) };
  return { ...shapeOf(shape), data: new Uint16Array(Uint8Array.from(bytes).buffer) };
}
