/** Vectors of key files outside of their envelopes. */
import { compactInvalid, compactValid } from './compact.ts';
import { npzInvalid, npzValid } from './npz.ts';
import type { Group } from './vector.ts';

export const keyFileGroups = (): Group[] => [
  { type: 'npz', section: '6.1', drafts: [...npzValid(), ...npzInvalid()] },
  { type: 'compact', section: '6.2', drafts: [...compactValid(), ...compactInvalid()] },
];
