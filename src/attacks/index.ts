/** The public room: attacks by name, and the parts of which a cipher of one's own is attacked. */

export type { Keys, Shape } from '../cipher/keys.ts';
export { InputError } from '../shared/errors.ts';
export type { Random } from '../shared/random.ts';
export type { MapParams, Raster } from '../shared/types.ts';
export { type AffinePrediction, affinePrediction } from './affine.ts';
export { type AttackName, attackNames, attacks, type Property, propertyOf } from './attacks.ts';
export { recoverKeys } from './chosen-plaintext.ts';
export { type DifferentialSummary, differentialTrials } from './differential.ts';
export type { KnownPair, RecoveredKeys } from './known-plaintext.ts';
export { keysFromPairs } from './known-plaintext.ts';
export { type Oracle, oracleOf } from './oracle.ts';
export type { Recovered } from './parameters/picture.ts';
export { searchParameters } from './parameters/search.ts';
export type { LorenzPass, SearchOptions, SearchResult, SearchState } from './parameters/types.ts';
export { type EncryptedImage, type Party, partyOf } from './party.ts';
export type { Attack, AttackInput, AttackOutcome } from './types.ts';
