/** The judgement of a cipher: judge.json. */
import type { Finding } from '../attacks/black-box/types.ts';
import type { Exactness } from './exactness.ts';
import type { Level } from './levels.ts';
import type { NistOutcome } from './measures.ts';
import type { Measures } from './pair-measures.ts';
import type { Spread } from './properties.ts';
import type { Speed } from './speed.ts';
import type { TrialRecord } from './trials.ts';

export type VerdictName = 'broken' | 'holds' | 'inexact';

/** An attack that succeeded. */
export interface Break {
  readonly attack: string;
  readonly queries: number;
  readonly seconds: number;
  /** Of the samples that were recovered or predicted, 0 to 1. */
  readonly share: number;
  readonly finding: string;
  /** Stems of pictures/*.png, the most telling first. */
  readonly pictures: readonly string[];
}

export interface Properties {
  readonly dependsOnPicture: boolean | null;
  readonly authenticated: boolean | null;
  readonly errorPropagation: number | null;
  readonly lossPropagation: number | null;
  readonly keyBits: number | null;
  /** Key bits that were turned over, one at a time: all, unless time was short. */
  readonly triedKeyBits: number | null;
  readonly effectiveKeyBits: number | null;
  readonly ignoredKeyBits: number | null;
  /** Keys one bit away that decryption refuses. */
  readonly refusedKeys: number | null;
  /** Bytes of a cipher picture for each byte of its picture. */
  readonly expansion: number | null;
  readonly sameShape: boolean | null;
  readonly differential: Spread | null;
  readonly keySensitivity: Spread | null;
}

export interface Judgement {
  readonly cipher: string;
  readonly verdict: VerdictName;
  /** null: no decryption is given. */
  readonly exact: boolean | null;
  /** null: unknown from pictures alone. */
  readonly deterministic: boolean | null;
  readonly brokenBy: readonly Break[];
  /** Attacks that ran and got nothing. */
  readonly withstood: readonly {
    readonly attack: string;
    readonly queries: number;
    readonly seconds: number;
    readonly finding: string;
  }[];
  readonly properties: Properties;
  readonly notRun: readonly { readonly attack: string; readonly why: string }[];
  readonly measures: readonly Measures['rows'][number][];
  readonly measured: Omit<Measures, 'rows'> | null;
  readonly nist: readonly NistOutcome[];
  readonly speed: Speed | null;
  readonly exactness: Exactness | null;
  /** How the program behaves besides its contract. */
  readonly remarks: readonly string[];
  readonly level: Level;
  readonly seed: number;
  readonly keyBytes: number | null;
  readonly shape: {
    readonly width: number;
    readonly height: number;
    readonly channels: number;
    readonly depth: number;
  } | null;
  readonly queries: number;
  readonly secondsEach: number;
  readonly seconds: number;
}

export const breakOf = ({ name, seconds: s, data, pictures }: TrialRecord<Finding>): Break[] =>
  data?.broken
    ? [
        {
          attack: name,
          queries: data.queries,
          seconds: s,
          share: data.share,
          finding: data.finding,
          pictures,
        },
      ]
    : [];

/** Attacks that recover the picture come first, then by share and queries. */
export function byStrength(a: Break, b: Break): number {
  const shows = ({ pictures }: Break): number => (pictures[0]?.endsWith('-recovered') ? 1 : 0);
  return shows(b) - shows(a) || b.share - a.share || a.queries - b.queries;
}

export const withstoodOf = ({ name, seconds: s, data }: TrialRecord<Finding>): Judgement['withstood'] =>
  data && !data.broken ? [{ attack: name, queries: data.queries, seconds: s, finding: data.finding }] : [];

/** Nothing is known. */
export const emptyProperties: Properties = {
  dependsOnPicture: null,
  authenticated: null,
  errorPropagation: null,
  lossPropagation: null,
  keyBits: null,
  triedKeyBits: null,
  effectiveKeyBits: null,
  ignoredKeyBits: null,
  refusedKeys: null,
  expansion: null,
  sameShape: null,
  differential: null,
  keySensitivity: null,
};
