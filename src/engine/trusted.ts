/**
 * A cached file may be loaded as code if this user owns it, nobody else can write it, and its length is the one
 * recorded when it was made. A library cut short would end the process (SIGBUS) as it loads.
 */
import { chmodSync, lstatSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { writeJson } from '../shared/files.ts';

const listName = 'files.json';

/** Ends the making of a folder: only its user may write it, and `files.json` holds the length of every file. */
export async function sealFolder(folder: string): Promise<void> {
  const bytes: Record<string, number> = {};
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    const { mode, size } = statSync(path);
    chmodSync(path, mode & 0o700);
    if (entry.isFile()) bytes[relative(folder, path)] = size;
  }
  const list = join(folder, listName);
  await writeJson(list, bytes);
  chmodSync(list, 0o600);
}

/** Why a folder must not be loaded from, or null. */
export function distrust(folder: string): string | null {
  const list = join(folder, listName);
  try {
    for (const path of [dirname(folder), folder, list]) {
      const reason = distrustOne(path, lstatSync(path));
      if (reason) return reason;
    }
    const bytes = JSON.parse(readFileSync(list, 'utf8')) as Record<string, number>;
    for (const [name, size] of Object.entries(bytes)) {
      const path = join(folder, name);
      const found = lstatSync(path);
      if (found.size !== size)
        return `${path} has ${found.size} bytes, not the ${size} that it was made with`;
      const reason = distrustOne(path, found);
      if (reason) return reason;
    }
    return null;
  } catch {
    return `${folder} is incomplete`;
  }
}

function distrustOne(path: string, { uid, mode }: Stats): string | null {
  const user = process.getuid?.();
  if (user !== undefined && uid !== user) return `${path} belongs to another user`;
  return (mode & 0o022) === 0 ? null : `${path} can be written by other users`;
}
