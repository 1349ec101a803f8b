/** What becomes of every file below a folder; each is encrypted, or named with the reason why not. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { isDicomFile, openDicom } from '../../data/dicom/file.ts';
import { InputError } from '../../shared/errors.ts';
import { readInput, reasonOf } from '../../shared/files.ts';
import { nameOf } from '../../shared/user-files.ts';
import { isSealed } from '../dicom-object/sealed-element.ts';
import { type EncryptOptions, refuseSameTargets, targetIn } from '../encrypt-file.ts';
import { namesFile, neutralNames } from '../neutral-names.ts';
import { keyFilesOf, type Target } from '../seal-image.ts';
import { isSealedFile } from '../sealed-file.ts';
import { type FailedFile, filesBelow, looksLikeImage } from './find.ts';

export interface EncryptFolderRequest extends EncryptOptions {
  readonly folder: string;
  /** Worker threads; all cores unless given. */
  readonly jobs?: number;
  /**
   * Of files by the names of their results in `out`: whether to take it, all unless given. Files that would write the
   * same files must be taken together.
   */
  readonly only?: (name: string) => boolean;
}

export interface FoundTargets {
  readonly targets: readonly Target[];
  readonly failed: readonly FailedFile[];
  /** Files that stay as they are. */
  readonly left: readonly FailedFile[];
  /** Results of this command, encrypted already. */
  readonly results: number;
  /** To be called before the first result is written. */
  readonly save: () => Promise<void>;
}

/** @throws InputError if there is no file, or two would write the same results */
export async function targetsBelow(request: EncryptFolderRequest): Promise<FoundTargets> {
  const { folder, out, only, names } = request;
  const { files: below, failed, left } = await filesBelow(folder, [out]);
  const files = only ? below.filter((file) => only(join(dirname(file), nameOf(file)))) : below;
  const targets: Target[] = [];
  let results = 0;
  for (const file of files)
    try {
      if (await isResult(join(folder, file))) results++;
      else targets.push(await targetOf(file, request));
    } catch (error) {
      failed.push({ file: join(folder, file), reason: reasonOf(error) });
    }
  if (targets.length + failed.length + left.length === 0 && !only)
    throw new InputError(`${folder}: expected images or other files in the folder, got none; check the path`);
  const owned = ({ file }: FailedFile): boolean => only?.(relative(folder, file)) ?? true;
  const named = left.filter((entry) => basename(entry.file) !== namesFile && owned(entry));
  const found = { failed, left: named, results };
  const own = await distinct(targets, request);
  if (names !== 'neutral') return { ...found, targets: own, save: async () => undefined };
  const pathOf = ({ image }: Target): string => relative(folder, image).replaceAll(sep, '/');
  const neutral = await neutralNames(own, pathOf, out);
  return { ...found, ...neutral, failed: [...failed, ...neutral.failed] };
}

async function targetOf(file: string, { folder, out, ...options }: EncryptFolderRequest): Promise<Target> {
  const image = join(folder, file);
  const as = (await looksLikeImage(image)) ? options.as : 'sealed';
  return targetIn(join(out, dirname(file)), image, { ...options, as });
}

/** Files whose names differ in the extension alone keep it in the names of their results. */
async function distinct(targets: readonly Target[], options: EncryptFolderRequest): Promise<Target[]> {
  const count = new Map<string, number>();
  for (const { cipher } of targets) count.set(cipher, (count.get(cipher) ?? 0) + 1);
  const named = targets.map(async (target) =>
    count.get(target.cipher) === 1
      ? target
      : targetIn(dirname(target.cipher), target.image, { ...options, as: target.as }, basename(target.image)),
  );
  const all = await Promise.all(named);
  refuseSameTargets(all);
  return all;
}

/** Whether it is a result of `encrypt`; a name alone does not make it one. */
async function isResult(path: string): Promise<boolean> {
  if (path.endsWith('.sealed')) return isSealedFile(path);
  if (path.endsWith('.cipher.dcm')) return isEncryptedObject(path);
  if (path.endsWith('.cipher.png'))
    return keysOf(path.slice(0, -'.cipher.png'.length)).some((keys) => existsSync(keys));
  const stem = /^(.*)\.keys\.(jwe|cms)$/.exec(path)?.[1];
  return stem !== undefined && existsSync(`${stem}.cipher.png`);
}

const keysOf = (stem: string): readonly string[] => keyFilesOf(`${stem}.keys.jwe`);

async function isEncryptedObject(path: string): Promise<boolean> {
  if (!(await isDicomFile(path))) return false;
  try {
    return isSealed(openDicom(await readInput(path), path, 'head'));
  } catch {
    return false;
  }
}
