/** Names in archives: made uniform, refused where they could leave the folder, junk told apart. */
import { InputError } from '../../../shared/errors.ts';

/**
 * A name as a relative path: `/` between parts, no `.` parts, Unicode NFC.
 * @param archive what errors call the archive
 * @throws InputError for an absolute name, a `..` part, control characters, or a part that no file system takes
 */
export function safePath(name: string, archive: string): string {
  const refuse = (why: string): never => {
    throw new InputError(
      `${archive}: expected entries that stay in their folder, got ${JSON.stringify(name.slice(0, 200))} (${why}); do not use this archive`,
    );
  };
  const path = name.replaceAll('\\', '/').normalize('NFC');
  if (/^(\/|[a-z]:)/i.test(path)) refuse('an absolute path');
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) refuse('a path upwards');
  if ([...path].some((letter) => letter < ' ' || letter === '\x7f')) refuse('a control character');
  if (parts.length === 0) refuse('an empty name');
  if (parts.some((part) => Buffer.byteLength(part) > 255) || path.length > 1024) refuse('too long a name');
  return parts.join('/');
}

/** Where two names are one file on some file system: compared without case (NFC is done already). */
export const sameFile = (path: string): string => path.toLowerCase();

/** What macOS and Windows put beside the files. */
export const isJunk = (path: string): boolean =>
  /(^|\/)(__MACOSX(\/|$)|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/i.test(path);
