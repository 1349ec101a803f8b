/**
 * An image cipher, for all that is done with one: `encrypt` and `decrypt` seal and open it, `attack` attacks it, tables
 * measure it, benchmarks time it. A new scheme is a file that exports a `Scheme`, and a line in schemes.ts.
 */
import type { MapName } from '../chaos/maps.ts';
import type { MapParams, Raster } from '../shared/types.ts';
import type { ContentEncryption } from './envelope/names.ts';
import type { Shape } from './keys.ts';
import type { KeyFormat, PresetName } from './options.ts';

/**
 * The paper's own scheme, ours, one from its authors' equations, a reconstruction (a paper that leaves steps open, or no
 * single paper), or a standard cipher.
 */
export type Standing = 'reproduced' | 'ours' | 'published' | 'reconstruction' | 'standard';

/** Inputs of schemes; each takes its part. */
export interface SchemeInput {
  readonly map: MapName;
  /** [r] or [sigma, rho, beta], by the network or by hand. */
  readonly params: MapParams;
  /** The image's date, say; a scheme may authenticate it. */
  readonly metadata?: string | null;
  /** 32 bytes, for a scheme keyed by a secret; default: random. */
  readonly secret?: Uint8Array;
  readonly preset?: PresetName;
  readonly keyFormat?: KeyFormat;
}

export interface Encrypted<Key = unknown> {
  /** Of the plain image's shape. */
  readonly cipher: Raster;
  readonly key: Key;
}

/**
 * `Keys` encrypt, `Key` decrypts one cipher image: the keys, and whatever encryption adds to them, such as a tag.
 * Every function throws InputError for a wrong raster, key or input.
 */
export interface Scheme<Keys = unknown, Key = Keys> {
  /** As options, key files and results name it. */
  readonly name: string;
  /** As tables name it. */
  readonly label: string;
  /** Authors, year, place; and which parts are our reading. */
  readonly source: string;
  readonly standing: Standing;
  /** `ref13` where it is number 13 of the paper's references. */
  readonly reference?: string;
  /** The secret: the map's parameters, or 32 secret bytes. */
  readonly keyedBy: 'parameters' | 'secret';
  /** Whether one image encrypted twice gives two ciphers. */
  readonly fresh: boolean;
  /** Numbers of channels that it takes. */
  readonly channels: readonly number[];
  /** Options of SchemeInput that only some schemes have. */
  readonly choices?: readonly ('preset' | 'keyFormat')[];
  /** Warning of a scheme that does not protect, one sentence. */
  readonly warning?: string;

  /** Draws all that is fresh for an image. An attacker's oracle that holds it fixed uses the same keys again. */
  keys(input: SchemeInput, shape: Shape): Keys;
  encrypt(plain: Raster, keys: Keys): Encrypted<Key>;
  /** `keys`, then `encrypt`, where one loop for both is faster. */
  encryptAtOnce?(plain: Raster, input: SchemeInput): Encrypted<Key>;
  /** The inverse, exact. */
  decrypt(cipher: Raster, key: Key): Raster;
  /** The same key, fresh parts included, but of another input. */
  rekey(key: Key, input: SchemeInput, shape: Shape): Key;
  /** The key as bytes, without an envelope. JSON and .npz can take an original name (keyfile.ts). */
  pack(key: Key, shape: Shape): Uint8Array;
  /** @param contentType one of `keyFile.contentTypes`; default: the first */
  unpack(bytes: Uint8Array, shape: Shape, contentType?: string): Key;
  /** Its key file; null: it has none, and `encrypt` does not offer the scheme. */
  readonly keyFile: KeyFile<Key> | null;
}

export interface KeyFile<Key = unknown> {
  /** Content types that `unpack` reads. */
  readonly contentTypes: readonly string[];
  /** Default of the envelope. */
  readonly enc: ContentEncryption;
  /** Readable by anybody. */
  header(key: Key): { readonly cty: string; readonly preset: string };
  /** Bytes that no two encryptions share; default: the cipher image. */
  nonce?(key: Key): Uint8Array;
  /** Authenticated by the scheme. */
  metadata?(key: Key): string | null;
}

/** A grey image, one with alpha, RGB, RGBA. */
export const anyChannels = [1, 2, 3, 4] as const;

/** Encrypts one image, with all that is fresh drawn anew. */
export const encryptWith = <Keys, Key>(
  scheme: Scheme<Keys, Key>,
  plain: Raster,
  input: SchemeInput,
): Encrypted<Key> => scheme.encryptAtOnce?.(plain, input) ?? scheme.encrypt(plain, scheme.keys(input, plain));

/** The label, with the word for one that its paper does not fix. */
export const titleOf = ({ label, standing }: Pick<Scheme, 'label' | 'standing'>): string =>
  standing === 'reconstruction' ? `${label}, ${standing}` : label;

/** Neither the paper's scheme nor ours. */
export const isPeer = ({ standing }: Scheme): boolean => standing !== 'reproduced' && standing !== 'ours';
