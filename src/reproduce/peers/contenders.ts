/**
 * What is measured beside the paper's methods in Tables 2 and 7: the hardened scheme, every peer of src/cipher/peers,
 * and for their differential metrics and attacks the paper's scheme with fixed parameters.
 */
import { createHash } from 'node:crypto';
import { paperTarget, type Target, targets } from '../../attacks/index.ts';
import { baselineParams, type PeerName, type PresetName, peerNames, peers } from '../../cipher/index.ts';
import type { MapName, Raster } from '../../shared/types.ts';
import type { CipherRecord } from '../../tables/results.ts';

export interface Contender {
  /** As in use: what the cipher makes fresh for each image is fresh. */
  encrypt(plain: Raster): { readonly cipher: Raster; keyFile(): Uint8Array; open(): Raster };
  /** Key, and where it can be held the nonce, as before: the setting of the differential test. */
  encryptAgain(plain: Raster): Raster;
}

interface Entry {
  readonly about: CipherRecord;
  /** One of the six methods: its cells hold its measures and times. */
  readonly paper: boolean;
  readonly make: (preset: PresetName, secret: string) => Contender;
}

const paperEntry = (map: MapName): Entry => ({
  about: { method: map, name: '', source: '' }, // labelled as in the other tables
  paper: true,
  make: (preset) => fromTarget(paperTarget(map, baselineParams[map], preset)),
});

const hardened: Entry = {
  about: {
    method: 'hardened',
    name: 'Hardened scheme',
    source: 'ours (src/cipher/hardened), Lorenz map; a fresh random key and nonce for each image',
  },
  paper: false,
  make: () => fromTarget(targets.hardened('lorenz', baselineParams.lorenz)),
};

const peerEntry = (name: PeerName): Entry => ({
  about: { method: `peer:${name}`, name: peers[name].name, source: peers[name].source },
  paper: false,
  make: (_, secret) => fromPeer(name, demonstrationKey(secret)),
});

/** In the order of the tables. */
export const entries: readonly Entry[] = [
  paperEntry('logistic'),
  paperEntry('lorenz'),
  hardened,
  ...peerNames.map(peerEntry),
];

/** @throws Error for an unknown method */
export function entryOf(method: string): Entry {
  const found = entries.find(({ about }) => about.method === method);
  if (!found)
    throw new Error(`"method" expected one of ${entries.map((e) => e.about.method)}, got ${method}`);
  return found;
}

const fromTarget = (target: Target): Contender => ({
  encrypt(plain) {
    const { cipher, keyFile } = target.encrypt(plain);
    return { cipher, keyFile, open: () => target.decrypt(cipher, keyFile()) };
  },
  encryptAgain: (plain) => target.encryptAgain(plain).cipher,
});

const fromPeer = (name: PeerName, key: Uint8Array): Contender => ({
  encrypt(plain) {
    const sealed = peers[name].encrypt(plain, key);
    return {
      cipher: sealed.image,
      keyFile: () => Buffer.concat([key, sealed.extra]),
      open: () => peers[name].decrypt(sealed, key),
    };
  },
  encryptAgain: (plain) => peers[name].encrypt(plain, key).image,
});

/** 32 bytes that anybody can compute again, so that the row can be checked; it protects nothing. */
const demonstrationKey = (secret: string): Uint8Array =>
  createHash('sha256').update(`medchaos demonstration key of a peer, ${secret}`).digest();
