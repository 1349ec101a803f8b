/** One image to its cipher image and sealed key file, in two steps: load it, then encrypt, seal and write. */
import { rm } from 'node:fs/promises';
import {
  type ContentEncryption,
  deriveKeys,
  type EnvelopeKind,
  encryptHardened,
  encryptRaster,
  type HardenedInput,
  hardenedContent,
  keyContent,
  type PresetName,
  presets,
  sealEnvelope,
} from '../cipher/index.ts';
import { formatWallClock, parseWallClock, type WallClock } from '../data/datetime.ts';
import { encodePng, loadRaster } from '../data/image.ts';
import { requireDateTime } from '../data/metadata.ts';
import { makeFolderOf, readInput } from '../shared/files.ts';
import type { MapName, MapParams, Raster } from '../shared/types.ts';
import { writeTogether } from './write-together.ts';

/** How image files are read. */
export interface Loading {
  readonly channels: 'native' | 'rgb';
  /** Of DICOM files, counted from 1; needed for those of several frames. */
  readonly frame?: number;
  /** `YYYY-MM-DDTHH:MM:SS`, in place of the file's own date. */
  readonly date?: string;
}

/** How they are encrypted and sealed. */
export interface Sealing {
  /** Default `hardened`. */
  readonly scheme?: 'paper' | 'hardened';
  /** Of the paper scheme, default `paper`; the hardened one has its own choices. */
  readonly preset?: PresetName;
  /** Of the paper scheme, default `npz`. */
  readonly keyFormat?: 'npz' | 'compact';
  /** Default A128GCM for the paper scheme (the paper's AES-128), A256GCM for the hardened one. */
  readonly enc?: ContentEncryption;
  /** Default `jwe`. */
  readonly envelope?: EnvelopeKind;
}

export interface Target {
  readonly image: string;
  readonly cipher: string;
  readonly keys: string;
}

export interface LoadedImage {
  readonly plain: Raster;
  readonly when: WallClock | null;
  readonly dateSource: string | null;
}

/** The chaotic parameters of an image, and where they and its date came from. */
export interface ImageParameters {
  readonly map: MapName;
  readonly params: MapParams;
  readonly from: string;
  readonly when: WallClock | null;
  readonly dateSource: string | null;
}

export interface EncryptedFile extends Target {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: number;
  readonly scheme: 'paper' | 'hardened';
  readonly map: MapName;
  readonly preset: PresetName;
  /** `by hand`, or the network run that predicted them. The values are the key and are not repeated here. */
  readonly parameters: string;
  /** Where the date came from, e.g. `exif:DateTimeOriginal`; null where none was needed. */
  readonly dateSource: string | null;
}

/**
 * @param needsDate whether parameters are predicted from the date, so that one must be found
 * @throws InputError for an unreadable image, or one without a date that needs one
 */
export async function loadImage(
  path: string,
  { channels, frame, date }: Loading,
  needsDate: boolean,
): Promise<LoadedImage> {
  const bytes = await readInput(path, 'image');
  const plain = await loadRaster(bytes, path, channels, frame);
  if (!needsDate) return { plain, when: date === undefined ? null : parseWallClock(date), dateSource: null };
  const { when, source } = await requireDateTime(bytes, date, path);
  return { plain, when, dateSource: source };
}

/** Both files appear together; of old ones in their place the key file goes first, so that no two halves mix. */
export async function sealImage(
  plain: Raster,
  target: Target,
  parameters: ImageParameters,
  sealing: Sealing,
  recipients: readonly string[],
): Promise<EncryptedFile> {
  const { scheme = 'hardened', preset = 'paper' } = sealing;
  const seal = scheme === 'hardened' ? hardenedSealed : paperSealed;
  const { cipher, envelope } = await seal(plain, parameters, sealing, recipients);
  await makeFolderOf(target.cipher);
  const data = await encodePng(cipher);
  await rm(target.keys, { force: true }).catch(() => undefined); // a folder there is told of by what follows
  await writeTogether([
    { path: target.cipher, data },
    { path: target.keys, data: envelope },
  ]);
  const { width, height, channels, depth } = plain;
  const { map, from, dateSource } = parameters;
  return {
    ...target,
    width,
    height,
    channels,
    depth,
    scheme,
    map,
    preset: scheme === 'hardened' ? 'sound' : preset,
    parameters: from,
    dateSource,
  };
}

interface SealedImage {
  readonly cipher: Raster;
  readonly envelope: string | Buffer;
}

async function hardenedSealed(
  plain: Raster,
  { map, params, when }: ImageParameters,
  { enc = 'A256GCM', envelope }: Sealing,
  recipients: readonly string[],
): Promise<SealedImage> {
  const input: HardenedInput = { map, params, metadata: when && formatWallClock(when) };
  const { cipher, key } = encryptHardened(plain, input);
  const { payload, header } = hardenedContent(key, cipher);
  return { cipher, envelope: await sealEnvelope(payload, header, recipients, { envelope, enc }) };
}

async function paperSealed(
  plain: Raster,
  { map, params }: ImageParameters,
  { preset = 'paper', keyFormat, enc, envelope }: Sealing,
  recipients: readonly string[],
): Promise<SealedImage> {
  const options = presets[preset];
  const keys = deriveKeys(map, params, plain, options);
  const cipher = encryptRaster(plain, keys);
  const meta = keyFormat === 'compact' ? { preset, compact: { map, params, options } } : { preset };
  const { payload, header } = keyContent(keys, cipher, meta);
  return { cipher, envelope: await sealEnvelope(payload, header, recipients, { envelope, enc }) };
}
