/** The thread of `encrypt DIR`: loads an image and keeps it, then encrypts and writes what it keeps. */
import { sampleHash } from '../../cipher/index.ts';
import type { WallClock } from '../../data/datetime.ts';
import { InputError } from '../../shared/errors.ts';
import {
  type EncryptedFile,
  type ImageParameters,
  type Loading,
  loadImage,
  type Sealing,
  sealImage,
  type Target,
} from '../seal-image.ts';

export interface LoadMessage {
  readonly image: string;
  readonly loading: Loading;
  readonly needsDate: boolean;
}

export interface LoadReply {
  /** Of shape and samples. */
  readonly hash: string;
  readonly when: WallClock | null;
  readonly dateSource: string | null;
}

export interface SealMessage {
  readonly target: Target;
  readonly parameters: ImageParameters;
  readonly sealing: Sealing;
  readonly recipients: readonly string[];
}

let kept: Awaited<ReturnType<typeof loadImage>>['plain'] | undefined;

export default async function work(message: LoadMessage | SealMessage): Promise<LoadReply | EncryptedFile> {
  return 'image' in message ? load(message) : seal(message);
}

async function load({ image, loading, needsDate }: LoadMessage): Promise<LoadReply> {
  kept = undefined; // freed before the next one is decoded
  const { plain, when, dateSource } = await loadImage(image, loading, needsDate);
  kept = plain;
  const { width, height, channels, depth } = plain;
  return { hash: `${width}x${height}x${channels}x${depth} ${sampleHash(plain)}`, when, dateSource };
}

async function seal({ target, parameters, sealing, recipients }: SealMessage): Promise<EncryptedFile> {
  if (!kept)
    throw new InputError(`${target.image}: expected a loaded image, got none; run the command again`);
  const plain = kept;
  kept = undefined;
  return sealImage(plain, target, parameters, sealing, recipients);
}
