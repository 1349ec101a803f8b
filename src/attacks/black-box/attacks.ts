/** The attacks on ciphers of unknown kind by name, the cheap ones first. */
import { affinePrediction } from './affine-prediction.ts';
import { affineSolution } from './affine-solution.ts';
import { anyKey } from './any-key.ts';
import { chosenPlaintext } from './chosen-plaintext.ts';
import { codebook } from './codebook.ts';
import { equalParts } from './equal-parts.ts';
import { fewKeys } from './few-keys.ts';
import { knownPlaintext } from './known-plaintext.ts';
import { repeatedNonce } from './repeated-nonce.ts';
import { repetition } from './repetition.ts';
import { reusedKey } from './reused-key.ts';
import { saturation } from './saturation.ts';
import { shortKey } from './short-key.ts';
import { toldApart } from './told-apart.ts';
import type { BlackBoxAttack } from './types.ts';
import { visible } from './visible.ts';

export const blackBoxAttacks = {
  visible,
  'any-key': anyKey,
  'short-key': shortKey,
  'repeated-nonce': repeatedNonce,
  'chosen-plaintext': chosenPlaintext,
  'known-plaintext': knownPlaintext,
  'key-reuse': reusedKey,
  repetition,
  'affine-prediction': affinePrediction,
  'equal-parts': equalParts,
  'ciphertext-only': toldApart,
  codebook,
  'affine-solution': affineSolution,
  saturation,
  'few-keys': fewKeys,
} as const satisfies Readonly<Record<string, BlackBoxAttack>>;

export type BlackBoxAttackName = keyof typeof blackBoxAttacks;
export const blackBoxAttackNames = Object.keys(blackBoxAttacks) as BlackBoxAttackName[];
