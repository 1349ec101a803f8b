/** The schemes by name: a line for each, and all of the house knows it (scheme.ts). */
import { InputError } from '../shared/errors.ts';
import { ofPrimes, ours, standards } from './node-schemes.ts';
import { paper } from './paper.ts';
import { ancestor } from './peers/ancestor.ts';
import { arnoldDnaCbc } from './peers/arnold-dna-cbc.ts';
import { catMap3d } from './peers/cat-map-3d.ts';
import { cmtIcsm } from './peers/cmt-icsm.ts';
import { henonSbox } from './peers/henon-sbox.ts';
import { lasm } from './peers/lasm.ts';
import { ltsTssDna } from './peers/lts-tss-dna.ts';
import { memristor3d } from './peers/memristor-3d.ts';
import { unifiedDna } from './peers/unified-dna.ts';
import { isPeer, type Scheme } from './scheme.ts';

export const schemes = {
  paper,
  ...ours,
  ancestor,
  'cat-map-3d': catMap3d,
  '2d-lasm': lasm,
  'cmt-icsm': cmtIcsm,
  'arnold-dna-cbc': arnoldDnaCbc,
  'unified-dna': unifiedDna,
  'lts-tss-dna': ltsTssDna,
  'henon-sbox': henonSbox,
  ...ofPrimes,
  'memristor-3d': memristor3d,
  ...standards,
} satisfies Readonly<Record<string, Scheme>>;

export type SchemeName = keyof typeof schemes;
export type PeerName = Exclude<SchemeName, 'paper' | 'hardened'>;

const all: Readonly<Record<string, Scheme>> = schemes;

export const schemeNames = (): SchemeName[] => Object.keys(all) as SchemeName[];

/** Published and standard ciphers, beside the paper's and ours. */
export const peerNames = (): PeerName[] =>
  schemeNames().filter((name): name is PeerName => isPeer(all[name]!));

/** Those with key files, which `encrypt` offers. */
export const sealedNames = (): SchemeName[] => schemeNames().filter((name) => all[name]!.keyFile);

/** @throws InputError for an unknown name */
export function schemeNamed(name: string): Scheme {
  if (Object.hasOwn(all, name)) return all[name]!;
  throw new InputError(`"scheme" expected one of ${schemeNames().join(', ')}, got ${name}`);
}
