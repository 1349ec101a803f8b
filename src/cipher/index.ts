/** `medchaos/cipher`: the paper's scheme, key files and envelopes. */
export * from './envelope.ts';
export * from './keyfile.ts';
export { type Keys, type Shape, sameShape, shapeText } from './keys.ts';
export * from './paper.ts';
export { checkRecipients, makeKeyPair } from './rsa.ts';
