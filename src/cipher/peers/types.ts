/** What every peer is: a published image cipher, or a standard one, behind one interface. */
import type { Raster } from '../../shared/types.ts';

export interface PeerCipher {
  /** Of the plain image's shape. */
  readonly image: Raster;
  /** What must travel beside it: nonce and tag of a standard cipher, nothing for the chaotic ones. */
  readonly extra: Uint8Array;
}

export interface Peer {
  /** As tables name it. */
  readonly name: string;
  /** Authors, year, place; and what of it is our reading. */
  readonly source: string;
  /** Authenticated, with a fresh nonce each time: the baseline, not a chaotic cipher. */
  readonly standard: boolean;
  /** @param key 32 bytes @throws InputError for a wrong raster or key */
  encrypt(plain: Raster, key: Uint8Array): PeerCipher;
  /** The inverse, exact. @throws InputError where a standard cipher notices that something is wrong */
  decrypt(sealed: PeerCipher, key: Uint8Array): Raster;
}
