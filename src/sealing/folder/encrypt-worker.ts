/** The thread of `encrypt DIR`: loads a file and keeps it, then encrypts and writes what it keeps. */
import { sampleHash } from '../../cipher/sealed-keys.ts';
import type { Metadata } from '../../data/metadata/extra.ts';
import { InputError } from '../../shared/errors.ts';
import { type PlannedFile, planned } from '../readable.ts';
import {
  type Audience,
  type EncryptedFile,
  type ImageParameters,
  isImage,
  type LoadedFile,
  type Loading,
  loadFile,
  type Sealing,
  sealFile,
  type Target,
} from '../seal-image.ts';

export interface LoadMessage {
  readonly load: Target;
  readonly loading: Loading;
  readonly needsDate: boolean;
}

export interface LoadReply {
  /** Of shape and samples; of a DICOM file of all of it; null of a file that is sealed as it is. */
  readonly hash: string | null;
  /** null: it has no picture, and needs no parameters. */
  readonly image: { readonly when: Metadata | null; readonly dateSource: string | null } | null;
}

export interface SealMessage {
  readonly target: Target;
  /** null: of no picture. */
  readonly parameters: ImageParameters | null;
  readonly sealing: Sealing;
  readonly audience: Audience;
}

/** `--dry-run` */
export interface PlanMessage extends LoadMessage {
  readonly plan: Sealing;
  readonly secret: Uint8Array;
}

let kept: LoadedFile | undefined;

export default async function work(
  message: PlanMessage | LoadMessage | SealMessage,
): Promise<LoadReply | EncryptedFile | PlannedFile> {
  if ('plan' in message) return plan(message);
  return 'load' in message ? load(message) : seal(message);
}

async function load({ load: target, loading, needsDate }: LoadMessage): Promise<LoadReply> {
  kept = undefined; // freed before the next one is decoded
  const loaded = await loadFile(target, loading, needsDate);
  kept = loaded;
  if (!isImage(loaded)) return { hash: 'document' in loaded ? loaded.document.hash : null, image: null };
  const { plain, dicom, when, dateSource } = loaded;
  const { width, height, channels, depth } = plain;
  const hash = dicom?.hash ?? `${width}x${height}x${channels}x${depth} ${sampleHash(plain)}`;
  return { hash, image: { when, dateSource } };
}

async function plan({
  load: target,
  loading,
  needsDate,
  plan: sealing,
  secret,
}: PlanMessage): Promise<PlannedFile> {
  return planned(await loadFile(target, loading, needsDate), target, sealing, secret);
}

async function seal({ target, parameters, sealing, audience }: SealMessage): Promise<EncryptedFile> {
  if (!kept) throw new InputError(`${target.image}: expected a loaded file, got none; run the command again`);
  const loaded = kept;
  kept = undefined;
  return sealFile(loaded, target, parameters, sealing, audience);
}
