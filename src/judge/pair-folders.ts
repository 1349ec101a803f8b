/** The folders of `judge --pairs`: plain and cipher pictures matched by name, second cipher pictures, and which keys they share. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSamples } from '../data/images/image.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { readInput, reasonOf } from '../shared/files.ts';
import type { Raster } from '../shared/types.ts';
import { type PicturePair, stemOf } from './picture-pair.ts';

export interface PairFolders {
  readonly plain: string;
  readonly cipher: string;
  readonly second?: string;
  /** `one`, `each`, or a CSV of name,key. */
  readonly keys?: string;
}

async function filesIn(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder).catch((error) => {
    throw new InputError(`cannot read folder ${folder}: ${reasonOf(error)}; check the path`);
  });
  const files = names.filter((name) => !name.startsWith('.')).sort();
  return new Map(files.map((name) => [stemOf(name), join(folder, name)]));
}

/**
 * @returns the pairs, and a sentence for each picture that has no partner or cannot be read
 * @throws InputError if nothing matches, or the keys do not fit
 */
export async function readPairs(folders: PairFolders): Promise<{ pairs: PicturePair[]; left: string[] }> {
  const [plains, ciphers] = [await filesIn(folders.plain), await filesIn(folders.cipher)];
  const seconds = folders.second === undefined ? new Map<string, string>() : await filesIn(folders.second);
  const keyOf = await keysOf(folders.keys);
  const pairs: PicturePair[] = [];
  const left = [...ciphers.keys()]
    .filter((name) => !plains.has(name))
    .map((name) => `${ciphers.get(name)} has no plain picture of its name`);
  for (const [name, path] of plains) {
    const other = ciphers.get(name);
    if (!other) left.push(`${path} has no cipher picture of its name`);
    else
      try {
        const second = seconds.get(name);
        const [plain, cipher, next] = [
          await load(path),
          await load(other, true),
          second ? await load(second, true) : null,
        ];
        pairs.push({ name, plain, cipher, second: next, key: keyOf(name) });
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        left.push(messageOf(error));
      }
  }
  if (pairs.length === 0)
    throw new InputError(
      `no picture of ${folders.plain} has a readable partner in ${folders.cipher}${left[0] ? ` (${left[0]})` : ''}; give both the same names`,
    );
  return { pairs, left };
}

async function load(path: string, isCipher = false): Promise<Raster> {
  const bytes = await readInput(path, 'picture');
  if (isCipher && bytes[0] === 0xff && bytes[1] === 0xd8)
    throw new InputError(
      `${path} is a JPEG, which is lossy: a cipher picture in it cannot be decrypted; save it as PNG`,
    );
  return loadSamples(bytes, path, 'native');
}

async function keysOf(keys: string | undefined): Promise<(name: string) => string | null> {
  if (keys === undefined) return () => null;
  if (keys === 'one') return () => 'one';
  if (keys === 'each') return (name) => name;
  const lines = (await readInput(keys, 'keys'))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  const rows = lines
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(/[,;\t]/).map((cell) => cell.trim()));
  const wrong = rows.find(({ length }) => length !== 2);
  if (wrong || rows.length === 0)
    throw new InputError(
      `--keys expected one, each, or a CSV of name,key, got the line "${wrong?.join(',') ?? ''}" in ${keys}`,
    );
  const byName = new Map(rows.map(([name, key]) => [stemOf(name!), key!]));
  return (name) => byName.get(name) ?? name;
}
