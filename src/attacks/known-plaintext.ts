/**
 * Known plaintext against permutation and xor: of two images under one key, C1 ^ C2 = Perm(P1 ^ P2), in which Z has
 * cancelled; rows and columns are matched by what they hold (_match.ts), then Z = C1 ^ Perm(P1). Rows equal in
 * P1 ^ P2, black borders say, cannot be told apart: they are matched in order, and a third image may come out with
 * those rows exchanged. More pairs tell more apart. 512x512 takes about 40 ms.
 * The attacker has the pairs, then one cipher image under the same key.
 */
import { decryptRaster, encryptRaster, type Keys } from '../cipher/index.ts';
import type { Raster } from '../shared/types.ts';
import { gridOf, match } from './_match.ts';
import { agreement, blackImage, equalImages, percent, xorImages } from './images.ts';
import type { AttackInput, AttackOutcome } from './types.ts';

export interface KnownPair {
  readonly plain: Raster;
  readonly cipher: Raster;
}

export interface RecoveredKeys {
  readonly keys: Keys;
  /** Rows and columns that equal an earlier one, so that their places are guessed. */
  readonly equalRows: number;
  readonly equalColumns: number;
}

/**
 * The keys that turn each plain image into its cipher image.
 * @param pairs two or more, of one shape, encrypted under one key
 * @returns null if no permutation and no xor key explains them
 */
export function keysFromPairs(pairs: readonly KnownPair[]): RecoveredKeys | null {
  const [first, ...rest] = pairs;
  if (!first || rest.length === 0) return null;
  const before = gridOf(rest.map(({ plain }) => xorImages(plain, first.plain)));
  const after = gridOf(rest.map(({ cipher }) => xorImages(cipher, first.cipher)));
  const found = match(before, after);
  if (!found) return null;
  const keys = withKeystream(found.xIndex, found.yIndex, first);
  if (!pairs.every(({ plain, cipher }) => equalImages(encryptRaster(plain, keys), cipher))) return null;
  const { width, height } = first.plain;
  return { keys, equalRows: height - found.rowClasses, equalColumns: width - found.columnClasses };
}

function withKeystream(xIndex: Int32Array, yIndex: Int32Array, { plain, cipher }: KnownPair): Keys {
  const none = blackImage(plain).data;
  const permuted = encryptRaster(plain, { xIndex, yIndex, zKey: none });
  return { xIndex, yIndex, zKey: xorImages(cipher, permuted).data };
}

export function knownPlaintext({ party, plain, others }: AttackInput): AttackOutcome {
  const pairs = others.map((other) => ({ plain: other, cipher: party.encrypt(other).cipher }));
  const { cipher } = party.encrypt(plain);
  const found = keysFromPairs(pairs);
  if (!found)
    return {
      success: false,
      queries: pairs.length,
      finding: `${pairs.length} known images gave no key`,
      details: { recoveredShare: null, equalRows: null, equalColumns: null },
      pictures: { plain, cipher },
    };
  const recovered = decryptRaster(cipher, found.keys);
  const share = agreement(recovered, plain);
  const { equalRows, equalColumns } = found;
  return {
    // Chance alone gives 1/256 of the samples; a picture with some rows exchanged is still the patient's picture.
    success: share > 0.5,
    queries: pairs.length,
    finding:
      `${pairs.length} known images gave a key that decrypts ${percent(share)} of a third image's samples` +
      (equalRows + equalColumns > 0
        ? `; ${equalRows} rows and ${equalColumns} columns equal others and are placed by guess`
        : ''),
    details: { recoveredShare: share, equalRows, equalColumns },
    pictures: { plain, cipher, recovered },
  };
}
