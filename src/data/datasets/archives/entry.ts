/** An entry of an archive; readers give one after another. */
import { InputError, messageOf } from '../../../shared/errors.ts';

export interface ArchiveEntry {
  /** As written in the archive: not to be trusted, see `safePath`. */
  readonly name: string;
  /** Bytes when unpacked, as the archive says; its body has exactly as many, or throws. */
  readonly bytes: number;
  /** CRC-32 of the body; null where the format has none. */
  readonly crc32: number | null;
  /** The bytes, once; to be read before the next entry is asked for, or not at all. */
  readonly body: () => AsyncIterable<Buffer>;
}

/** The error for an archive that is not whole, in our words or a library's. */

/** @param reason an error of the library that read it, or a few words */
export function damaged(path: string, kind: '.zip' | '.tar.gz', reason: unknown): InputError {
  if (reason instanceof InputError) return reason;
  // Only the first sentence of a library's message names the fault.
  const [what] = messageOf(reason).split('. ');
  return new InputError(`${path}: expected a whole ${kind}, got a damaged one (${what}); get the file again`);
}

/**
 * A name as a relative path: `/` between parts, no `.` parts, Unicode NFC.
 * @param archive its name in errors
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

/** Files that macOS and Windows add. */
export const isJunk = (path: string): boolean =>
  /(^|\/)(__MACOSX(\/|$)|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/i.test(path);
