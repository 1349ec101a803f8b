/** The peers by name. One that is added here is known to the tests, the tables and the benchmark. */
import { aes256gcm } from './aes-256-gcm.ts';
import { ancestor } from './ancestor.ts';
import { arnoldDnaCbc } from './arnold-dna-cbc.ts';
import { catMap3d } from './cat-map-3d.ts';
import { chacha20poly1305 } from './chacha20-poly1305.ts';
import { cmtIcsm } from './cmt-icsm.ts';
import { lasm } from './lasm.ts';
import type { Peer } from './types.ts';

export const peers = {
  ancestor,
  'cat-map-3d': catMap3d,
  '2d-lasm': lasm,
  'cmt-icsm': cmtIcsm,
  'arnold-dna-cbc': arnoldDnaCbc,
  'aes-256-gcm': aes256gcm,
  'chacha20-poly1305': chacha20poly1305,
} satisfies Record<string, Peer>;

export type PeerName = keyof typeof peers;
export const peerNames = Object.keys(peers) as PeerName[];

export { asPublished } from './ancestor.ts';
export type { Peer, PeerCipher } from './types.ts';
