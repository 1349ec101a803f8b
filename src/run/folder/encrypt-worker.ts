/** The thread of `encrypt DIR`: loads an image and keeps it, then encrypts and writes what it keeps. */
import { sampleHash } from '../../cipher/envelope.ts';
import type { Metadata } from '../../data/extra.ts';
import { InputError } from '../../shared/errors.ts';
import {
  type Audience,
  type EncryptedFile,
  type ImageParameters,
  type LoadedImage,
  type Loading,
  loadImage,
  type Sealing,
  sealImage,
  type Target,
} from '../seal-image.ts';

export interface LoadMessage {
  readonly load: Target;
  readonly loading: Loading;
  readonly needsDate: boolean;
}

export interface LoadReply {
  /** Of shape and samples; of a DICOM object of the file. */
  readonly hash: string;
  readonly when: Metadata | null;
  readonly dateSource: string | null;
}

export interface SealMessage {
  readonly target: Target;
  readonly parameters: ImageParameters;
  readonly sealing: Sealing;
  readonly audience: Audience;
}

let kept: LoadedImage | undefined;

export default async function work(message: LoadMessage | SealMessage): Promise<LoadReply | EncryptedFile> {
  return 'load' in message ? load(message) : seal(message);
}

async function load({ load: target, loading, needsDate }: LoadMessage): Promise<LoadReply> {
  kept = undefined; // freed before the next one is decoded
  const loaded = await loadImage(target, loading, needsDate);
  kept = loaded;
  const { plain, dicom, when, dateSource } = loaded;
  const { width, height, channels, depth } = plain;
  const hash = dicom?.hash ?? `${width}x${height}x${channels}x${depth} ${sampleHash(plain)}`;
  return { hash, when, dateSource };
}

async function seal({ target, parameters, sealing, audience }: SealMessage): Promise<EncryptedFile> {
  if (!kept)
    throw new InputError(`${target.image}: expected a loaded image, got none; run the command again`);
  const loaded = kept;
  kept = undefined;
  return sealImage(loaded, target, parameters, sealing, audience);
}
