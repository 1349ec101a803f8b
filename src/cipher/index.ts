/** `medchaos/cipher`: the paper's scheme, the hardened one, key files and envelopes. */
export * from './envelope/certificates.ts';
export * from './envelope/cms.ts';
export * from './envelope/describe-envelope.ts';
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
export * from './keyfile/keyfile.ts';
export { type Keys, type Shape, sameShape, shapeText } from './keys.ts';
export type { KeyFormat } from './names.ts';
export * from './paper.ts';
export { asPublished } from './peers/ancestor.ts';
export { type QuantiserName, quantiserNamed, quantiserNames, quantisers } from './quantise.ts';
export * from './scheme.ts';
export * from './schemes.ts';
export * from './sealed-keys.ts';
