/**
 * A whole folder of images to cipher images and key files below `out`, in folders as theirs. The command run again
 * goes on where it was: images whose two files are there are not encrypted again. Images with the same samples, in
 * whatever file, are refused, for two ciphers of one picture tell that it is one, and one is enough; DICOM files that
 * become objects only where they are the same to the byte, for their attributes count too.
 */
import { dirname, join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { reasonOf, refuseLinks } from '../../shared/files.ts';
import {
  type EncryptedFile,
  type EncryptOptions,
  isThere,
  type OpenNetwork,
  type Prepared,
  prepare,
  refuseSameTargets,
  targetIn,
} from '../encrypt-file.ts';
import type { Target } from '../seal-image.ts';
import { nameOf } from '../user-files.ts';
import { type Ask, checkJobs, eachFile, type FolderResult } from './each.ts';
import type { LoadMessage, LoadReply, SealMessage } from './encrypt-worker.ts';
import { type FailedFile, filesBelow, looksLikeImage } from './find.ts';

export interface EncryptFolderRequest extends EncryptOptions {
  readonly folder: string;
  /** Worker threads; all cores unless given. */
  readonly jobs?: number;
  /**
   * Of images by the names of their results in `out`: whether to take it, all unless given. Images that would write the
   * same files must be taken together.
   */
  readonly only?: (name: string) => boolean;
}

const worker = new URL('./encrypt-worker.ts', import.meta.url);

/**
 * @param openNetwork in place of the one that opens a training run
 * @param seen filled with the first image of each picture's hash
 * @throws InputError for options that no image can be encrypted with, and an empty folder; else failures are listed
 */
export async function encryptFolder(
  request: EncryptFolderRequest,
  warn: (line: string) => void,
  openNetwork?: OpenNetwork,
  seen = new Map<string, string>(),
): Promise<FolderResult<EncryptedFile>> {
  const jobs = checkJobs(request.jobs);
  let found: FoundTargets = { targets: [], failed: [], others: 0 };
  const targetsOf = async (): Promise<readonly Target[]> => {
    found = await targetsBelow(request);
    return found.targets;
  };
  const prepared = await prepare(request, warn, targetsOf, openNetwork);
  const job = (ask: Ask, target: Target) => encryptOne(ask, target, request, prepared, seen);
  try {
    // A picture that is there already is seen before its double.
    const order = [...prepared.targets].sort((a, b) => Number(isThere(b)) - Number(isThere(a)));
    if (request.force || order.some((target) => !isThere(target))) prepared.begin();
    const result = await eachFile('encrypt', worker, order, jobs, ({ image }) => image, job);
    return { ...result, failed: [...found.failed, ...result.failed], others: found.others };
  } finally {
    await prepared.dispose();
  }
}

async function encryptOne(
  ask: Ask,
  target: Target,
  request: EncryptFolderRequest,
  { audience, needsDate, parametersOf }: Prepared,
  seen: Map<string, string>,
): Promise<EncryptedFile | null> {
  const { channels, frame, date, scheme, preset, keyFormat, enc, envelope } = request;
  await refuseLinks(request.out, target.cipher);
  const skip = !request.force && isThere(target);
  const load: LoadMessage = {
    load: target,
    loading: { channels, frame, date },
    needsDate: needsDate && !skip,
  };
  const { hash, when, dateSource } = await ask<LoadReply>(load);
  const twin = seen.get(hash);
  if (twin !== undefined && !skip)
    throw new InputError(`it shows the same picture as ${twin}; remove one of the two`);
  seen.set(hash, target.image);
  if (skip) return null;
  const parameters = { ...(await parametersOf(when)), when, dateSource };
  const seal: SealMessage = {
    target,
    parameters,
    sealing: { scheme, preset, keyFormat, enc, envelope },
    audience,
  };
  return ask<EncryptedFile>(seal);
}

interface FoundTargets {
  readonly targets: Target[];
  readonly failed: FailedFile[];
  readonly others: number;
}

/** @throws InputError if there is no image among all files, or two images would write the same files */
async function targetsBelow({ folder, out, only, ...options }: EncryptFolderRequest): Promise<FoundTargets> {
  const { files: below, failed } = await filesBelow(folder, [out]);
  const files = only ? below.filter((file) => only(join(dirname(file), nameOf(file)))) : below;
  const targets: Target[] = [];
  const take = async (file: string): Promise<void> => {
    const image = join(folder, file);
    if (!/\.cipher\.(png|dcm)$/.test(file) && (await looksLikeImage(image)))
      targets.push(await targetIn(join(out, dirname(file)), image, options));
  };
  for (const file of files)
    await take(file).catch((error) => failed.push({ file: join(folder, file), reason: reasonOf(error) }));
  if (targets.length + failed.length === 0 && !only)
    throw new InputError(`${folder}: expected images in the folder, got none; check the path`);
  refuseSameTargets(targets);
  return { targets, failed, others: files.length - targets.length };
}
