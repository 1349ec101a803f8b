/** `medchaos/cipher`: the paper's scheme, the hardened one, key files and envelopes. */
export * from './certificates.ts';
export * from './cms.ts';
export * from './describe-envelope.ts';
export * from './envelope.ts';
export * from './hardened/index.ts';
export {
  checkRecipients,
  type KeyPair,
  type KeyType,
  keyTypes,
  makeCurveKeyPair,
  makeKeyPair,
  openPem,
  readPrivateKey,
} from './key-pair.ts';
export * from './keyfile.ts';
export { type Keys, type Shape, sameShape, shapeText } from './keys.ts';
export * from './open-image.ts';
export { originalName, withOriginalName } from './original-name.ts';
export * from './paper.ts';

export * from './peers/index.ts';

export { type QuantiserName, quantiserNamed, quantiserNames, quantisers } from './quantisers.ts';
