/** The attacks by name. One that is added here is known to the command and to the tests. */
import { chosenPlaintext } from './chosen-plaintext.ts';
import { ciphertextOnly } from './ciphertext-only.ts';
import { differential } from './differential.ts';
import { keyReuse } from './key-reuse.ts';
import { keySensitivity } from './key-sensitivity.ts';
import { knownPlaintext } from './known-plaintext.ts';
import { noise } from './noise.ts';
import { occlusion } from './occlusion.ts';
import { tampering } from './tampering.ts';
import type { Attack } from './types.ts';
import { weakKeys } from './weak-keys.ts';

export const attacks = {
  'chosen-plaintext': chosenPlaintext,
  'known-plaintext': knownPlaintext,
  'key-reuse': keyReuse,
  differential,
  'ciphertext-only': ciphertextOnly,
  noise,
  occlusion,
  tampering,
  'key-sensitivity': keySensitivity,
  'weak-keys': weakKeys,
} satisfies Record<string, Attack>;

export type AttackName = keyof typeof attacks;
export const attackNames = Object.keys(attacks) as AttackName[];

export { type AffinePrediction, affinePrediction } from './affine.ts';
export { recoverKeys } from './chosen-plaintext.ts';
export { type DifferentialSummary, differentialTrials } from './differential.ts';
export { keysFromPairs } from './known-plaintext.ts';
export { type Oracle, oracleOf } from './oracle.ts';
export { searchParameters } from './parameters/search.ts';
export type { SearchOptions, SearchResult } from './parameters/types.ts';
export { type EncryptedImage, type Party, partyOf } from './party.ts';
export type { Attack, AttackInput, AttackOutcome } from './types.ts';
