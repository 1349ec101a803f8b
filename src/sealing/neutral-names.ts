/**
 * `--names neutral`: results named by study and number, `study-0001/0001.cipher.dcm`, `images/0001.cipher.png`,
 * `files/0001.sealed`, for names of files and folders often are names of patients. The original path travels inside.
 *
 * Which file has which number is written to `.names.json` in the output folder, so that the same command goes on where
 * it was: by an HMAC of path and content, which nobody can compute who does not have the file.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDicom, openDicom } from '../data/dicom/file.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { reasonOf, writeJson } from '../shared/files.ts';
import { restoredPath } from './original-path.ts';
import type { Target } from './seal-image.ts';

export const namesFile = '.names.json';

interface Registry {
  readonly format: 'medchaos names 1';
  /** Hex. */
  readonly salt: string;
  /** `study-0001/0001` by key. */
  readonly files: Record<string, string>;
}

/** A file, with the facts that its number depends on. */
interface Numbered {
  readonly target: Target;
  readonly path: string;
  readonly key: string;
  /** UID of the study, or null. */
  readonly study: string | null;
}

export interface Neutral {
  readonly targets: Target[];
  readonly failed: { readonly file: string; readonly reason: string }[];
  /** Writes the numbers. Call it before the first result is written. */
  readonly save: () => Promise<void>;
}

/**
 * @param targets in order, with results under their own names
 * @param pathOf the path that `decrypt` restores, `/` between parts
 * @throws InputError for a damaged `.names.json`
 */
export async function neutralNames(
  targets: readonly Target[],
  pathOf: (target: Target) => string,
  out: string,
): Promise<Neutral> {
  const registry = await readRegistry(join(out, namesFile));
  const failed: Neutral['failed'] = [];
  const numbered: Numbered[] = [];
  for (const target of targets)
    await numberedOf(target, pathOf(target), registry.salt).then(
      (found) => void numbered.push(found),
      (error) => void failed.push({ file: target.image, reason: messageOf(error) }),
    );
  const names = namesOf(numbered, registry);
  const named = numbered.map(({ target, path, key }) => renamed(target, join(out, names[key]!), path));
  const files = { ...registry.files, ...names };
  return { targets: named, failed, save: () => writeJson(join(out, namesFile), { ...registry, files }) };
}

async function readRegistry(path: string): Promise<Registry> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return { format: 'medchaos names 1', salt: randomBytes(16).toString('hex'), files: {} };
  try {
    const registry = JSON.parse(text) as Registry;
    const right = registry.format === 'medchaos names 1' && typeof registry.salt === 'string';
    if (right && Object.values(registry.files).every((name) => /^[\w-]+\/\d+$/.test(name))) return registry;
  } catch {
    // below
  }
  throw new InputError(
    `${path}: expected the numbers of files, got something else; choose another --out folder`,
  );
}

async function numberedOf(target: Target, path: string, salt: string): Promise<Numbered> {
  restoredPath('.', path, null); // refuses a hostile path now, not at decryption
  const content = createHash('sha256');
  const head: Buffer[] = [];
  try {
    for await (const chunk of createReadStream(target.image)) {
      content.update(chunk as Buffer);
      if (head.length < headChunks) head.push(chunk as Buffer);
    }
  } catch (error) {
    throw new InputError(`cannot read ${target.image}: ${reasonOf(error)}; check the path`);
  }
  const key = createHmac('sha256', Buffer.from(salt, 'hex'))
    .update(`${path}\0`)
    .update(content.digest())
    .digest('hex');
  return { target, path, key, study: studyIn(Buffer.concat(head)) };
}

/** Of 64 KiB each; the study stands before the pixel data. */
const headChunks = 16;

function studyIn(bytes: Buffer): string | null {
  if (!isDicom(bytes)) return null;
  try {
    return openDicom(bytes, '', 'head').dataSet.string('x0020000d') ?? null;
  } catch {
    return null;
  }
}

/** Names by key: those that are known, then new numbers in order. */
function namesOf(files: readonly Numbered[], registry: Registry): Record<string, string> {
  const names: Record<string, string> = { ...registry.files };
  const studies = new Map<string, string>();
  for (const { key, study } of files)
    if (study !== null && names[key]) studies.set(study, names[key].split('/')[0]!);
  const highest = (pattern: RegExp): number =>
    Math.max(0, ...Object.values(names).map((name) => Number(pattern.exec(name)?.[1] ?? 0)));
  let lastStudy = highest(/^study-(\d+)/);
  const last = new Map<string, number>();
  for (const { target, key, study } of files) {
    if (names[key]) continue;
    if (study !== null && !studies.has(study)) studies.set(study, `study-${padded(++lastStudy)}`);
    const group = study !== null ? studies.get(study)! : target.as === 'png' ? 'images' : 'files';
    const number = (last.get(group) ?? highest(new RegExp(`^${group}/(\\d+)`))) + 1;
    last.set(group, number);
    names[key] = `${group}/${padded(number)}`;
  }
  return names;
}

const padded = (number: number): string => String(number).padStart(4, '0');

function renamed(target: Target, stem: string, path: string): Target {
  const suffix = { png: '.cipher.png', dicom: '.cipher.dcm', sealed: '.sealed' }[target.as];
  const keys = target.keys && `${stem}${/\.keys\.\w+$/.exec(target.keys)![0]}`;
  return { ...target, cipher: `${stem}${suffix}`, keys, path };
}
