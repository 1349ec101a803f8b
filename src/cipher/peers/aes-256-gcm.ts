/** AES-256-GCM (FIPS 197, SP 800-38D): what the chaotic peers are to be measured against. */
import { standardPeer } from './_standard.ts';

export const aes256gcm = standardPeer('aes-256-gcm', {
  name: 'AES-256-GCM',
  source: 'FIPS 197 and NIST SP 800-38D, by node:crypto',
});
