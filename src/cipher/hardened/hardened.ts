/**
 * The hardened scheme: the paper's cipher inside cryptography that does not depend on it.
 *   secrets  a random 256-bit key and a random 256-bit nonce, fresh for each image (node:crypto)
 *   derive   HKDF-SHA-256 over key, nonce, map, network's parameters, metadata and shape (derive.ts)
 *   encrypt  as the paper does, permute rows and columns, xor z_key, but with the orbits' starts derived
 *   diffuse  two passes of ciphertext feedback: a changed sample changes all (diffuse.ts)
 *   seal     AES-256-GCM over the result, with map, parameters, metadata and shape as associated data
 * Key, nonce, tag, parameters and metadata travel in the key file, inside the RSA-OAEP envelope.
 *
 * What protects: AES-256-GCM under the random key, and the envelope around that key. What does not, and is not
 * relied on: the chaotic map, the permutation, the 32-bit diffusion, the network, and the date, which is guessed in
 * seconds. A weak parameter or a known date costs nothing here; without the random key they would be all there is.
 * Key and nonce must not serve twice, so they are drawn here: with both the same, AES-GCM's keystream cancels and its
 * tags can be forged, and only what does not protect remains.
 * Any image from 1x1, 1 to 4 channels, 8 or 16 bit.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { isMapName } from '../../chaos/maps.ts';
import { InputError } from '../../shared/errors.ts';
import { bytesOf, exactParameters, hexOf, parseObject } from '../../shared/exact.ts';
import type { Raster } from '../../shared/types.ts';
import { checkRaster, checkSameShape, checkShape, readShape, type Shape, shapeOf } from '../keys.ts';
import { type PaperOptions, presets } from '../options.ts';
import { deriveKeys, encryptImage } from '../paper.ts';
import { decryptRaster } from '../permute.ts';
import { anyChannels, type Scheme, type SchemeInput } from '../scheme.ts';
import {
  aesOf,
  checkSecrets,
  contextOf,
  format,
  freshSecrets,
  type HardenedInput,
  type Secrets,
  seedsOf,
  startsOf,
} from './derive.ts';
import { diffuse, undiffuse } from './diffuse.ts';

export { freshSecrets, type HardenedInput, type Secrets } from './derive.ts';

/** Decrypts one cipher image. */
export interface HardenedKey extends HardenedInput, Secrets {
  /** AES-GCM's, 16 bytes. */
  readonly tag: Uint8Array;
}

const tagLength = 16;

/**
 * Encrypts under a fresh key and nonce.
 * @param input the map, the network's (or the user's) parameters and the metadata, which need not be secret
 * @param secrets for known answers and the differential test only; leave it out
 * @returns the cipher image, of the plain image's shape, and what decrypts it
 * @throws InputError if a parameter or the shape is out of range, or the orbit diverges
 */
export function encryptHardened(
  plain: Raster,
  input: HardenedInput,
  secrets: Secrets = freshSecrets(),
): { cipher: Raster; key: HardenedKey } {
  checkRaster(plain);
  checkSecrets(secrets);
  const context = contextOf(input, plain);
  const { data } = encryptImage(input.map, input.params, plain, chaosOf(secrets, context)).cipher;
  diffuse(data, seedsOf(secrets, context), plain.depth);
  const { key, iv } = aesOf(secrets, context);
  const gcm = createCipheriv('aes-256-gcm', key, iv).setAAD(context);
  const cipher = rasterOf(plain, [gcm.update(bytesOf(data)), gcm.final()]);
  const { map, params, metadata } = input;
  return {
    cipher,
    key: { map, params, metadata, key: secrets.key, nonce: secrets.nonce, tag: gcm.getAuthTag() },
  };
}

/**
 * The plain image, exactly; nothing is computed from the image before its tag has been verified.
 * @throws InputError if the cipher image or anything in the key is not what the sender made
 */
export function decryptHardened(cipher: Raster, hardened: HardenedKey): Raster {
  checkRaster(cipher);
  checkSecrets(hardened);
  const context = contextOf(hardened, cipher);
  const diffused = verified(cipher, hardened, context);
  undiffuse(diffused.data, seedsOf(hardened, context), cipher.depth);
  const keys = deriveKeys(hardened.map, hardened.params, cipher, chaosOf(hardened, context));
  return decryptRaster(diffused, keys);
}

/** The paper's keys, from orbits that start where HKDF says. */
const chaosOf = (secrets: Secrets, context: Buffer): PaperOptions => ({
  ...presets.sound,
  starts: startsOf(secrets, context),
});

function verified(cipher: Raster, hardened: HardenedKey, context: Buffer): Raster {
  const { key, iv } = aesOf(hardened, context);
  const gcm = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength }).setAAD(context);
  try {
    gcm.setAuthTag(hardened.tag);
    return rasterOf(cipher, [gcm.update(bytesOf(cipher.data)), gcm.final()]);
  } catch {
    throw new InputError(
      'the cipher image does not decrypt: it, its metadata or its key file was changed, or they do not belong ' +
        'together; ask the sender for both files again',
    );
  }
}

/** Bytes as samples, little-endian, in a buffer of their own. */
function rasterOf(shape: Shape, parts: readonly Buffer[]): Raster {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { ...shapeOf(shape), data: shape.depth === 8 ? bytes : new Uint16Array(bytes.buffer) };
}

/**
 * The key file, a few hundred bytes of JSON: random key, nonce and tag in hex; map, parameters (decimal and IEEE 754
 * hex), metadata and shape. It is as secret as the image.
 * @throws InputError for a shape out of range or secrets of another length
 */
export function packHardened(hardened: HardenedKey, shape: Shape): Uint8Array {
  checkShape(shape);
  checkSecrets(hardened);
  const { map, params, metadata, key, nonce, tag } = hardened;
  const [keyHex, nonceHex, tagHex] = [key, nonce, tag].map((bytes) => Buffer.from(bytes).toString('hex'));
  const file = {
    format,
    key: keyHex,
    nonce: nonceHex,
    tag: tagHex,
    map,
    parameters: params,
    parametersHex: params.map(hexOf),
    metadata,
    shape: shapeOf(shape),
  };
  return Buffer.from(`${JSON.stringify(file, null, 2)}\n`);
}

/** @throws InputError for a damaged or foreign file */
export function unpackHardened(bytes: Uint8Array): { key: HardenedKey; shape: Shape } {
  const file = parseObject(bytes);
  const { map, metadata } = file;
  if (file.format !== format || !isMapName(map) || !(metadata === null || typeof metadata === 'string'))
    throw new InputError(`the key file expected ${format}, got another; ask for the key file again`);
  const params = exactParameters(file.parameters, file.parametersHex);
  const key = {
    map,
    params,
    metadata,
    key: bytesOfHex('key', file.key, 32),
    nonce: bytesOfHex('nonce', file.nonce, 32),
    tag: bytesOfHex('tag', file.tag, 16),
  };
  return { key, shape: readShape(file.shape) };
}

function bytesOfHex(name: string, text: unknown, length: number): Uint8Array {
  if (typeof text === 'string' && text.length === 2 * length && /^[0-9a-f]*$/.test(text))
    return Buffer.from(text, 'hex');
  throw new InputError(
    `"${name}" expected ${length} bytes as hex digits, got something else; ask for the key file again`,
  );
}

const inputOf = ({ map, params, metadata = null }: SchemeInput): HardenedInput => ({ map, params, metadata });

export const hardened: Scheme<HardenedInput & Secrets, HardenedKey> = {
  name: 'hardened',
  label: 'Hardened scheme',
  source: 'ours (src/cipher/hardened), Lorenz map; a fresh random key and nonce for each image',
  standing: 'ours',
  keyedBy: 'parameters',
  fresh: true,
  channels: anyChannels,
  keys: (input) => ({ ...inputOf(input), ...freshSecrets() }),
  encrypt: (plain, keys) => encryptHardened(plain, keys, keys),
  decrypt: decryptHardened,
  rekey: (key, input) => ({ ...key, ...inputOf(input) }),
  pack: packHardened,
  unpack(bytes, shape) {
    const found = unpackHardened(bytes);
    checkSameShape(found.shape, shape);
    return found.key;
  },
  keyFile: {
    contentTypes: ['application/json'],
    enc: 'A256GCM', // the key inside has 256 bits
    header: () => ({ cty: 'application/json', preset: 'sound' }),
    nonce: ({ nonce }) => nonce,
    metadata: ({ metadata }) => metadata,
  },
};
