/** TensorFlow's C library from Google's own archive: for a machine with a compiler and without Python. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { download } from '../shared/download.ts';
import { say } from '../shared/progress.ts';
import type { Build } from './builds.ts';
import { googleArchive } from './pins.ts';
import { runProgram } from './run-program.ts';
import { requireSha256 } from './wheel.ts';

const host = (): string => process.env.MEDCHAOS_TENSORFLOW_HOST || 'https://storage.googleapis.com/';

/**
 * Fills `folder` with `tensorflow/`, as `libraryFromWheels` does.
 * @throws Error if the host does not answer within 5 s, or the archive's SHA-256 differs from the pinned one
 */
export async function libraryFromGoogle(
  folder: string,
  { name }: Build,
  archive: { readonly path: string; readonly sha256: string } = googleArchive,
): Promise<void> {
  if (name === 'cuda' || platform() !== 'linux' || arch() !== 'x64')
    throw new Error('Google publishes no archive for this machine');
  const url = new URL(archive.path, host());
  await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5000) }).catch(() => {
    throw new Error(`${url.host} cannot be reached`);
  });
  const path = join(folder, 'archive.tar.gz');
  say(`engine: downloading ${url.href}`);
  await download({ urls: [url.href], path, bytes: null, md5: null, sha256: null, tries: 3 });
  await requireSha256(path, url.href, archive.sha256);
  await mkdir(join(folder, 'unpacked'));
  await runProgram('tar', ['-xzf', path, '-C', join(folder, 'unpacked')]);
  await rename(join(folder, 'unpacked', 'lib'), join(folder, 'tensorflow'));
  await rename(join(folder, 'unpacked', 'include'), join(folder, 'tensorflow', 'include'));
  await rm(join(folder, 'unpacked'), { recursive: true });
  await rm(path);
}
