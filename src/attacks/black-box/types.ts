/** What an attack on a cipher of unknown kind takes and returns: it sees pictures and cipher pictures, no equations. */
import type { Shape } from '../../cipher/index.ts';
import type { Raster } from '../../shared/types.ts';

/** The cipher under one unknown key. It counts what it is asked. */
export interface BlackBox {
  readonly queries: number;
  /** Cipher pictures, in the order of the plain ones; they may have another size. */
  encrypt(plains: readonly Raster[]): Promise<Raster[]>;
  /**
   * Absent where the cipher offers no decryption.
   * @param made the cipher picture of this oracle beside whose nonce and tag `cipher` is sent
   * @returns null where the cipher refuses
   */
  decrypt?(cipher: Raster, made: Raster): Promise<Raster | null>;
}

export interface Laboratory {
  /** Shape of the pictures that attacks send. */
  readonly shape: Shape;
  readonly seed: number;
  /** A new oracle under key number k; the same k gives the same key. */
  oracle(k: number): BlackBox;
  /** Under a random key that shares only its first or last bytes with key number k. */
  sharing(k: number, end: 'first' | 'last', bytes: number): BlackBox;
  readonly keyBits: number;
  /** Ordinary picture number k: what a hospital would encrypt. */
  photo(k: number, shape?: Shape): Raster;
  /** Run all of a long attack, or the part that fits into two minutes. */
  readonly thorough: boolean;
  /** Queries that the time left suffices for; attacks that count coincidences make do with fewer. */
  readonly affordable: number;
}

export interface Finding {
  /** The attacker got something that the cipher should hide. */
  readonly broken: boolean;
  /** Pictures that were encrypted or decrypted for the attacker. */
  readonly queries: number;
  /** Share of the samples (of plain or cipher) that the attacker recovered or predicted, 0 to 1. */
  readonly share: number;
  /** One sentence with the numbers that decide. */
  readonly finding: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** File stem to picture, the most telling first. */
  readonly pictures?: Readonly<Record<string, Raster>>;
}

export interface BlackBoxAttack {
  /** For the page: what the attacker does. */
  readonly idea: string;
  /** Queries that it needs, at most, for pictures of this shape. */
  readonly queries: (laboratory: Laboratory) => number;
  readonly run: (laboratory: Laboratory) => Promise<Finding>;
}
