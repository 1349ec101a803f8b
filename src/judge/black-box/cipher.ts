/** The cipher on trial: an object that encrypts pictures. Programs, schemes of ours and library users all come as one. */
import type { Shape } from '../../cipher/index.ts';
import type { Raster } from '../../shared/types.ts';

/** A cipher picture, and what must travel beside it (a nonce, a tag). */
export interface Sealed {
  readonly image: Raster;
  readonly extra: Uint8Array;
}

export interface BlackBoxCipher {
  readonly name: string;
  /**
   * Encrypts one picture under one key. The cipher picture may have another size.
   * @throws Error with one sentence if it cannot
   */
  encrypt(plain: Raster, key: Uint8Array): Raster | Sealed | Promise<Raster | Sealed>;
  /** @throws Error if it refuses the cipher picture */
  decrypt?(cipher: Raster, key: Uint8Array, extra: Uint8Array): Raster | Promise<Raster>;
  /** The keystream for pictures of this shape, where the cipher has one. */
  keystream?(shape: Shape, key: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Pictures that it can take at a time; 1 unless given. */
  readonly atOnce?: number;
  /** Largest resident memory of a query so far, bytes; null where it is unknown. */
  readonly peakMemory?: () => number | null;
  /** Remarks on its manners: output besides the contract. */
  readonly remarks?: () => readonly string[];
  close?(): Promise<void>;
}

const nothing = new Uint8Array(0);

/** Both forms of an answer as one. */
export const sealedOf = (answer: Raster | Sealed): Sealed =>
  'image' in answer ? answer : { image: answer, extra: nothing };
