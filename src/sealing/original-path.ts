/** Where `decrypt` writes a file, when its original path travels inside. */
import { basename, extname, join } from 'node:path';
import { InputError, printable } from '../shared/errors.ts';

/**
 * A path below `root`, which a sender chose.
 * @param extension of the file that is written, in place of the original one where they differ; null: the original one
 * @throws InputError for a path that leads elsewhere, or to a hidden file
 */
export function restoredPath(root: string, path: string, extension: string | null): string {
  const parts = path.split('/');
  const harmless = (part: string): boolean => /^[^.\p{Cc}\\:][^\p{Cc}\\]*$/u.test(part);
  if (!parts.every(harmless))
    throw new InputError(
      `the original name inside leads elsewhere (${printable(JSON.stringify(path), 80)}); give --out FILE`,
    );
  const found = extname(path);
  const changed =
    extension === null || found.toLowerCase() === extension
      ? path
      : `${path.slice(0, path.length - found.length)}${extension}`;
  return join(root, changed);
}

/** Of a name inside, `.txt`; none where it has no harmless one. */
export const extensionOf = (name: string): string => /\.[\w-]{1,16}$/.exec(basename(name))?.[0] ?? '';
