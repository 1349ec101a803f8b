/** Vectors of envelopes around a short content. */
import { cmsInvalid, cmsValid, enveloped, envelopedInvalid } from './cms.ts';
import { jweInvalid, jweValid } from './jwe.ts';
import type { Group } from './vector.ts';

export const envelopeGroups = async (): Promise<Group[]> => [
  { type: 'envelope', section: '4.1', drafts: [...(await jweValid()), ...(await jweInvalid())] },
  { type: 'envelope', section: '4.2, 4.3', drafts: [...(await cmsValid()), ...(await cmsInvalid())] },
  { type: 'enveloped-data', section: '4.4', drafts: [...enveloped(), ...envelopedInvalid()] },
];
