/** `medchaos/cipher` in a browser: schemes without node:crypto, and bare key files. */

export { InputError } from '../shared/errors.ts';
export type { MapParams, Raster } from '../shared/types.ts';
export * from './keyfile/keyfile.ts';
export { type Keys, type Shape, sameShape, shapeText } from './keys.ts';
export type { KeyFormat } from './options.ts';
export * from './paper.ts';
export { asPublished } from './peers/ancestor.ts';
export { type QuantiserName, quantiserNamed, quantiserNames, quantisers } from './quantise.ts';
export * from './scheme.ts';
export * from './schemes.ts';
