/** ChaCha20-Poly1305 (RFC 8439): fast without AES instructions too. */
import { standardPeer } from './_standard.ts';

export const chacha20poly1305 = standardPeer('chacha20-poly1305', {
  name: 'ChaCha20-Poly1305',
  source: 'RFC 8439, by node:crypto',
});
