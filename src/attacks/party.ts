/**
 * The party under attack: a scheme with its fixed secrets. What an attack may use of it is the attack's own matter;
 * those of an outsider use `encrypt` only, through an oracle.
 */
import { type Scheme, type SchemeInput, type Shape, shapeText } from '../cipher/index.ts';
import { randomBytes } from '../shared/platform.ts';
import type { Raster } from '../shared/types.ts';

/** A cipher image, and on request the key file that decrypts it, outside its envelope. */
export interface EncryptedImage {
  readonly cipher: Raster;
  readonly key: unknown;
  keyFile(): Uint8Array;
}

export interface Party {
  readonly scheme: Scheme;
  readonly input: SchemeInput;
  /** As in use: all that the scheme makes fresh for each image is fresh. */
  encrypt(plain: Raster): EncryptedImage;
  /** Same key and nonce for every image of a shape; only the differential test needs this. */
  encryptAgain(plain: Raster): EncryptedImage;
  /** @throws InputError where the scheme notices that something is wrong */
  decrypt(cipher: Raster, keyFile: Uint8Array): Raster;
  /** The key file of the same secrets, with parts of the input changed. */
  keyFileWith(change: Partial<SchemeInput>, keyFile: Uint8Array, shape: Shape): Uint8Array;
  /** The same party with parts of the input changed. */
  with(change: Partial<SchemeInput>): Party;
}

/** Default metadata, so that key files hold all that they can hold. */
const metadata = '2023-03-04T05:06:07';

/** @param given its secret, where it is keyed by one, is drawn unless it is given */
export function partyOf(scheme: Scheme, given: SchemeInput): Party {
  const input = { metadata, secret: randomBytes(32), ...given };
  const sameKeys = lastOf((shape) => scheme.keys(input, shape));
  const encrypt = (plain: Raster, keys: unknown): EncryptedImage => {
    const encrypted = scheme.encrypt(plain, keys);
    return { ...encrypted, keyFile: () => scheme.pack(encrypted.key, plain) };
  };
  const encryptAgain = (plain: Raster): EncryptedImage => encrypt(plain, sameKeys(plain));
  return {
    scheme,
    input,
    encrypt: scheme.fresh ? (plain) => encrypt(plain, scheme.keys(input, plain)) : encryptAgain,
    encryptAgain,
    decrypt: (cipher, keyFile) => scheme.decrypt(cipher, scheme.unpack(keyFile, cipher)),
    keyFileWith: (change, keyFile, shape) =>
      scheme.pack(scheme.rekey(scheme.unpack(keyFile, shape), { ...input, ...change }, shape), shape),
    with: (change) => partyOf(scheme, { ...input, ...change }),
  };
}

/** Remembers the value of the last shape: keys cost more than encryption with them. */
function lastOf<Value>(make: (shape: Shape) => Value): (shape: Shape) => Value {
  let last: { readonly text: string; readonly value: Value } | null = null;
  return (shape) => {
    const text = shapeText(shape);
    if (last?.text !== text) last = { text, value: make(shape) };
    return last.value;
  };
}
