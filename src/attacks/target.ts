/**
 * The party under attack: a scheme with its fixed secrets. What an attack may use of it is the attack's own matter;
 * those of an outsider use `encrypt` only, through an oracle.
 */
import {
  decryptHardened,
  decryptRaster,
  deriveKeys,
  encryptHardened,
  encryptRaster,
  freshSecrets,
  type Keys,
  openImage,
  openKeys,
  type PaperOptions,
  type PresetName,
  packHardened,
  packKeys,
  presets,
  type Secrets,
  type Shape,
  sealHardened,
  sealKeys,
  shapeText,
  unpackHardened,
  unpackKeys,
} from '../cipher/index.ts';
import type { MapName, MapParams, Raster } from '../shared/types.ts';

/** A cipher image, and on request the key file that decrypts it, outside its envelope. */
export interface Encrypted {
  readonly cipher: Raster;
  keyFile(): Uint8Array;
}

export interface Target {
  readonly scheme: keyof typeof targets;
  readonly map: MapName;
  readonly params: MapParams;
  /** As in use: what the scheme makes fresh for each image is fresh. */
  encrypt(plain: Raster): Encrypted;
  /** With all that is fresh held fixed: the setting of the differential test, kinder to the attacker than use. */
  encryptAgain(plain: Raster): Encrypted;
  /** @throws InputError where the scheme notices that something is wrong */
  decrypt(cipher: Raster, keyFile: Uint8Array): Raster;
  /** The key file of the same secrets, but for the map's parameters. */
  keyFileWith(params: MapParams, keyFile: Uint8Array, shape: Shape): Uint8Array;
  /** The same party with other parameters. */
  withParams(params: MapParams): Target;
  /** The key file in its envelope, and from cipher image and envelope back to the plain image. */
  seal(encrypted: Encrypted, publicPem: string): Promise<string>;
  open(jwe: string, cipher: Raster, privatePem: string): Promise<Raster>;
}

/** The paper's scheme: parameters are the only secret, so one key serves all images of a shape. */
export function paperTarget(map: MapName, params: MapParams, preset: PresetName = 'paper'): Target {
  const options: PaperOptions = presets[preset];
  const keysOf = lastOf(shapeText, (shape: Shape) => deriveKeys(map, params, shape, options));
  const encrypt = (plain: Raster): Encrypted => {
    const keys = keysOf(plain);
    return { cipher: encryptRaster(plain, keys), keyFile: () => packKeys(keys, plain) };
  };
  return {
    scheme: 'paper',
    map,
    params,
    encrypt,
    encryptAgain: encrypt,
    decrypt: (cipher, keyFile) => decryptRaster(cipher, unpackKeys(keyFile).keys),
    keyFileWith: (other, _, shape) => packKeys(deriveKeys(map, other, shape, options), shape),
    withParams: (other) => paperTarget(map, other, preset),
    seal: ({ cipher }, publicPem) => sealKeys(keysOf(cipher), cipher, { preset }, publicPem),
    open: async (jwe, cipher, privatePem) =>
      decryptRaster(cipher, (await openKeys(jwe, cipher, privatePem)).keys),
  };
}

/** The hardened scheme: parameters and metadata are fixed here too, key and nonce are fresh for each image. */
export function hardenedTarget(
  map: MapName,
  params: MapParams,
  metadata: string | null = '2023-03-04T05:06:07',
): Target {
  const held = freshSecrets();
  const encrypt = (plain: Raster, secrets?: Secrets): Encrypted => {
    const { cipher, key } = encryptHardened(plain, { map, params, metadata }, secrets);
    return { cipher, keyFile: () => packHardened(key, plain) };
  };
  return {
    scheme: 'hardened',
    map,
    params,
    encrypt: (plain) => encrypt(plain),
    encryptAgain: (plain) => encrypt(plain, held),
    decrypt: (cipher, keyFile) => decryptHardened(cipher, unpackHardened(keyFile).key),
    keyFileWith: (other, keyFile, shape) =>
      packHardened({ ...unpackHardened(keyFile).key, params: other }, shape),
    withParams: (other) => hardenedTarget(map, other, metadata),
    seal: ({ cipher, keyFile }, publicPem) => sealHardened(unpackHardened(keyFile()).key, cipher, publicPem),
    open: async (jwe, cipher, privatePem) => (await openImage(jwe, cipher, privatePem)).plain,
  };
}

/** The schemes by name, as parties with these parameters. */
export const targets = {
  paper: paperTarget,
  hardened: (map: MapName, params: MapParams) => hardenedTarget(map, params),
} satisfies Record<string, (map: MapName, params: MapParams, preset: PresetName) => Target>;

/** Remembers the last value by the text of its argument. */
function lastOf(textOf: (shape: Shape) => string, make: (shape: Shape) => Keys): (shape: Shape) => Keys {
  let last: { text: string; value: Keys } | null = null;
  return (shape) => {
    const text = textOf(shape);
    if (last?.text !== text) last = { text, value: make(shape) };
    return last.value;
  };
}
