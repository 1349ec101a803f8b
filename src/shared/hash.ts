/** Checksums of files on disk, read in pieces. */
import { createHash, webcrypto } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { InputError } from './errors.ts';
import { reasonOf } from './files.ts';

export interface FileSums {
  readonly bytes: number;
  readonly md5: string;
  readonly sha256: string;
}

/** @param onProgress called with the bytes read so far @throws InputError for a file that cannot be read */
export async function fileSums(path: string, onProgress?: (bytes: number) => void): Promise<FileSums> {
  const [md5, sha256] = [createHash('md5'), createHash('sha256')];
  let bytes = 0;
  await eachPiece(path, (piece) => {
    md5.update(piece);
    sha256.update(piece);
    bytes += piece.length;
    onProgress?.(bytes);
  });
  return { bytes, md5: md5.digest('hex'), sha256: sha256.digest('hex') };
}

/** Up to this size a file is read at once: 16 MiB. */
const small = 2 ** 24;

/**
 * SHA-256 alone. That of a small file is computed by a thread of libuv's pool (WebCrypto), so that several
 * files take several cores.
 * @throws InputError for a file that cannot be read
 */
export async function fileSha256(path: string): Promise<string> {
  try {
    if ((await stat(path)).size <= small)
      return Buffer.from(await webcrypto.subtle.digest('SHA-256', await readFile(path))).toString('hex');
  } catch (error) {
    throw unreadable(path, error);
  }
  const sha256 = createHash('sha256');
  await eachPiece(path, (piece) => void sha256.update(piece));
  return sha256.digest('hex');
}

const unreadable = (path: string, error: unknown): InputError =>
  new InputError(`cannot read ${path}: ${reasonOf(error)}; check the path`);

async function eachPiece(path: string, use: (piece: Buffer) => void): Promise<void> {
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) use(piece);
  } catch (error) {
    throw unreadable(path, error);
  }
}
