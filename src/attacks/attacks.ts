/**
 * The attacks by name. One that is added here is known to the command and to the tests. Some are tests of a property:
 * a scheme that lacks it fails all of them for one reason, so that they count once.
 */
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
  'ciphertext-only': ciphertextOnly,
  'chosen-plaintext': chosenPlaintext,
  'known-plaintext': knownPlaintext,
  'key-reuse': keyReuse,
  'weak-keys': weakKeys,
  noise,
  occlusion,
  tampering,
  differential,
  'key-sensitivity': keySensitivity,
} satisfies Record<string, Attack>;

export type AttackName = keyof typeof attacks;
export const attackNames = Object.keys(attacks) as AttackName[];

/** authentication: a changed cipher picture is refused. diffusion: one changed sample or key bit changes the whole cipher picture. */
export type Property = 'authentication' | 'diffusion';

const tested: Readonly<Partial<Record<AttackName, Property>>> = {
  noise: 'authentication',
  occlusion: 'authentication',
  tampering: 'authentication',
  differential: 'diffusion',
  'key-sensitivity': 'diffusion',
};

/** The property that a test looks for; null of an attack in its own right. */
export const propertyOf = (name: AttackName): Property | null => tested[name] ?? null;
