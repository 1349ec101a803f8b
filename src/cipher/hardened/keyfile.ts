/**
 * Key file of the hardened scheme, a few hundred bytes of JSON: the random key, the nonce and AES-GCM's tag in hex,
 * and what was put in beside them: map, parameters (decimal and IEEE 754 hex), metadata, shape. It is as secret as
 * the image and travels inside an envelope.
 */
import { InputError } from '../../shared/errors.ts';
import type { MapName } from '../../shared/types.ts';
import { exactParameters, hexOf, parseObject } from '../exact.ts';
import { checkShape, readShape, type Shape, shapeOf } from '../keys.ts';
import { checkSecrets, format, type HardenedInput, type Secrets } from './derive.ts';

/** Decrypts one cipher image. */
export interface HardenedKey extends HardenedInput, Secrets {
  /** AES-GCM's, 16 bytes. */
  readonly tag: Uint8Array;
}

/** The key file as bytes. @throws InputError for a shape out of range or secrets of another length */
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
  const known = map === 'logistic' || map === 'lorenz';
  if (file.format !== format || !known || !(metadata === null || typeof metadata === 'string'))
    throw new InputError(`the key file expected ${format}, got another; ask for the key file again`);
  const params = exactParameters(file.parameters, file.parametersHex);
  const key = {
    map: map as MapName,
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
