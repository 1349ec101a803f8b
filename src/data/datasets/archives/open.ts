/** Archives by their first bytes, never by name: Box serves .tar.gz files under names that end in .gz. */
import { open } from 'node:fs/promises';
import { InputError } from '../../../shared/errors.ts';
import { reasonOf } from '../../../shared/files.ts';
import type { ArchiveEntry } from './entry.ts';
import { tarGzEntries } from './tar.ts';
import { zipEntries } from './zip.ts';

/**
 * The entries of a .zip or .tar.gz.
 * @throws InputError for another file, while reading for a damaged one
 */
export async function archiveEntries(path: string): Promise<AsyncIterable<ArchiveEntry>> {
  const start = await firstBytes(path);
  if (start.readUInt16BE(0) === 0x1f8b) return tarGzEntries(path);
  // An empty zip begins with its end record.
  if (['504b0304', '504b0506'].includes(start.toString('hex'))) return zipEntries(path);
  const page = /^\s*<[!h?]/i.test(start.toString('latin1'));
  throw new InputError(
    page
      ? `${path}: expected a .zip or .tar.gz, got a web page, perhaps a login; download it again in a browser`
      : `${path}: expected a .zip or .tar.gz, got a file of another kind; check the file`,
  );
}

async function firstBytes(path: string): Promise<Buffer> {
  const start = Buffer.alloc(4);
  try {
    const handle = await open(path);
    try {
      await handle.read(start, 0, start.length, 0);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new InputError(`cannot read archive ${path}: ${reasonOf(error)}; check the path`);
  }
  return start;
}
