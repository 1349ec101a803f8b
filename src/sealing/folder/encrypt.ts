/**
 * A whole folder to encrypted files below `out`, in folders as theirs: images, DICOM files with and without pixels, and any
 * other file. The command run again goes on where it was: files whose results are there are not encrypted again. Copies of
 * a picture are encrypted each with its own key, and counted.
 */
import { refuseLinks } from '../../shared/files.ts';
import { type EncryptedFile, isThere, type OpenNetwork, type Prepared, prepare } from '../encrypt-file.ts';
import type { PlannedFile } from '../readable.ts';
import type { FileKind, Loading, Sealing, Target } from '../seal-image.ts';
import { type Ask, checkJobs, eachFile, type FolderResult } from './each.ts';
import type { LoadMessage, LoadReply, PlanMessage, SealMessage } from './encrypt-worker.ts';
import type { FailedFile } from './find.ts';
import { type EncryptFolderRequest, type FoundTargets, targetsBelow } from './targets.ts';

export interface EncryptedFolder<Done = EncryptedFile> extends FolderResult<Done> {
  /** How many files of each kind were encrypted. */
  readonly kinds: Partial<Record<FileKind, number>>;
  /** Files that are the same as another one of this run: to the sample as images, to the byte as DICOM files. */
  readonly copies: number;
  /** Files that stay as they are, and readable. */
  readonly left: readonly FailedFile[];
  /** Results of this command in the folder. */
  readonly results: number;
}

const worker = new URL('./encrypt-worker.ts', import.meta.url);

/**
 * @param openNetwork in place of the one that opens a training run
 * @throws InputError for options that no image can be encrypted with, and an empty folder; else failures are listed
 */
export async function encryptFolder(
  request: EncryptFolderRequest,
  warn: (line: string) => void,
  openNetwork?: OpenNetwork,
): Promise<EncryptedFolder> {
  const hashes = new Map<string, number>();
  const { found, prepared } = await preparedFolder(request, warn, openNetwork, false);
  const job = (ask: Ask, target: Target) => encryptOne(ask, target, request, prepared, hashes);
  try {
    const { targets } = prepared;
    if (request.force || targets.some((target) => !isThere(target))) prepared.begin();
    await found.save();
    const result = await eachFile('encrypt', worker, targets, checkJobs(request.jobs), imageOf, job);
    const copies = [...hashes.values()].reduce((sum, count) => sum + count - 1, 0);
    return summed(result, found, copies);
  } finally {
    await prepared.dispose();
  }
}

/** What `encryptFolder` would do. Each file is read as it would be, so that what would fail is listed; nothing is written. */
export async function planFolder(
  request: EncryptFolderRequest,
  warn: (line: string) => void,
): Promise<EncryptedFolder<PlannedFile>> {
  const { found, prepared } = await preparedFolder(request, warn, undefined, true);
  const { needsDate, audience } = prepared;
  const job = async (ask: Ask, load: Target): Promise<PlannedFile | null> => {
    if (!request.force && isThere(load)) return null;
    const { secret } = audience;
    const message: PlanMessage = {
      load,
      loading: loadingOf(request),
      needsDate,
      plan: sealingOf(request),
      secret,
    };
    return ask<PlannedFile>(message);
  };
  try {
    const jobs = checkJobs(request.jobs);
    return summed(await eachFile('plan', worker, prepared.targets, jobs, imageOf, job), found, 0);
  } finally {
    await prepared.dispose();
  }
}

const imageOf = ({ image }: Target): string => image;

async function preparedFolder(
  request: EncryptFolderRequest,
  warn: (line: string) => void,
  openNetwork: OpenNetwork | undefined,
  dry: boolean,
): Promise<{ found: FoundTargets; prepared: Prepared }> {
  checkJobs(request.jobs);
  let found: FoundTargets | undefined;
  const targetsOf = async (): Promise<readonly Target[]> => {
    found = await targetsBelow(request);
    return found.targets;
  };
  const prepared = await prepare(request, warn, targetsOf, openNetwork, dry);
  return { found: found!, prepared };
}

function summed<Done extends { readonly kind: FileKind }>(
  result: Omit<FolderResult<Done>, 'others'>,
  { failed, left, results }: FoundTargets,
  copies: number,
): EncryptedFolder<Done> {
  const kinds: Partial<Record<FileKind, number>> = {};
  for (const { kind } of result.done) kinds[kind] = (kinds[kind] ?? 0) + 1;
  const all = [...failed, ...result.failed];
  return { ...result, failed: all, others: left.length, kinds, copies, left, results };
}

async function encryptOne(
  ask: Ask,
  target: Target,
  request: EncryptFolderRequest,
  { audience, needsDate, parametersOf }: Prepared,
  hashes: Map<string, number>,
): Promise<EncryptedFile | null> {
  await refuseLinks(request.out, target.cipher);
  if (!request.force && isThere(target)) return null;
  const load: LoadMessage = { load: target, loading: loadingOf(request), needsDate };
  const { hash, image } = await ask<LoadReply>(load);
  if (hash !== null) hashes.set(hash, (hashes.get(hash) ?? 0) + 1);
  const parameters = image && { ...(await parametersOf(image.when)), ...image };
  const seal: SealMessage = { target, parameters, sealing: sealingOf(request), audience };
  return ask<EncryptedFile>(seal);
}

/** What threads need of the request; other parts of it cannot be sent. */
const loadingOf = ({ channels, frame, date }: EncryptFolderRequest): Loading => ({ channels, frame, date });

const sealingOf = ({ scheme, preset, keyFormat, enc, envelope }: EncryptFolderRequest): Sealing => ({
  ...{ scheme, preset, keyFormat, enc, envelope },
});
