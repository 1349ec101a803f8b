/// <reference types="node" preserve="true" />
/** `medchaos/cipher`: the paper's scheme, the hardened one, peers, key files and envelopes. */

export type { MapName } from '../chaos/maps.ts';
export { InputError } from '../shared/errors.ts';
export type { MapParams, Raster } from '../shared/types.ts';
export * from './browser.ts';
export * from './describe-envelope.ts';
export * from './envelope/certificates.ts';
export * from './envelope/cms.ts';
export * from './envelope/envelope.ts';
export {
  checkRecipients,
  type KeyPair,
  type KeyType,
  keyTypes,
  makeCurveKeyPair,
  makeKeyPair,
  openPem,
  readPrivateKey,
} from './envelope/key-pair.ts';
export {
  decryptHardened,
  encryptHardened,
  freshSecrets,
  type HardenedInput,
  type HardenedKey,
  packHardened,
  type Secrets,
  unpackHardened,
} from './hardened/hardened.ts';
export type { Multipliers } from './options.ts';
export * from './sealed-keys.ts';
