/** The public room: attacks by name, and the parts of which a cipher of one's own is attacked. */
export { type AffinePrediction, affinePrediction } from './affine.ts';
export { type AttackName, attackNames, attacks, type Property, propertyOf } from './attacks.ts';
export { recoverKeys } from './chosen-plaintext.ts';
export { type DifferentialSummary, differentialTrials } from './differential.ts';
export { keysFromPairs } from './known-plaintext.ts';
export { type Oracle, oracleOf } from './oracle.ts';
export { searchParameters } from './parameters/search.ts';
export type { SearchOptions, SearchResult } from './parameters/types.ts';
export { type EncryptedImage, type Party, partyOf } from './party.ts';
export type { Attack, AttackInput, AttackOutcome } from './types.ts';
