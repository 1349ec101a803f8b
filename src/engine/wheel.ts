/**
 * TensorFlow's C library from its Python wheel: Google's own download is out of reach on many networks, a Python
 * package index is not.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSha256 } from '../shared/hash.ts';
import { say } from '../shared/progress.ts';
import type { Build } from './builds.ts';
import type { Pinned } from './pins.ts';
import { findProgram, runProgram } from './run-program.ts';

/** Members to unpack: libraries, the headers that the sources include, and NVIDIA's assembler ptxas. */
const extract = `
import os, sys, zipfile
wheel, into = sys.argv[1:]
prefix = 'tensorflow/include/'
kept = tuple(prefix + d for d in ('tensorflow/c/', 'tensorflow/tsl/', 'tensorflow/core/platform/', 'tsl/', 'xla/tsl/'))
libraries = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2')
with zipfile.ZipFile(wheel) as z:
    for name in z.namelist():
        header = name.startswith(kept) and name.endswith('.h')
        cuda = name.startswith('nvidia/') and '/lib/' in name and '.so' in name
        if header or cuda or name in libraries or name == 'nvidia/cuda_nvcc/bin/ptxas':
            z.extract(name, into)
            if name.endswith('ptxas'): os.chmod(os.path.join(into, name), 0o755)
`;

/**
 * Fills `folder` with `tensorflow/`: libraries and `include/`; with CUDA also with `nvidia/`.
 * @throws Error that names the failed step (Python, download or check) and the remedy
 */
export async function libraryFromWheels(folder: string, build: Build): Promise<void> {
  const python = await findProgram(['python3', 'python'], ['-m', 'pip', '--version']);
  if (!python) throw new Error('no Python 3 with pip is found; on Debian: apt-get install python3-pip');
  const { wheels, size } = build;
  for (const [i, wheel] of wheels.entries()) {
    const place = wheels.length === 1 ? size : `${i + 1} of ${wheels.length}, ${size} together`;
    say(`engine: downloading ${wheel.requirement} (${place}) with pip`);
    await unpack(python, build, wheel, folder);
  }
  await stripLibraries(join(folder, 'tensorflow'));
}

/** One wheel, downloaded by pip, checked, unpacked and deleted. */
async function unpack(python: string, build: Build, wheel: Pinned, into: string): Promise<void> {
  const wheels = join(into, 'downloaded');
  await mkdir(wheels);
  // The user's Python may be newer than any wheel of this version, so the target is named in full.
  const target = ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'];
  const tags = build.tags.flatMap((tag) => ['--platform', tag]);
  const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
  await runProgram(python, [...pip, ...target, ...tags, '--dest', wheels, wheel.requirement]);
  const [file] = await readdir(wheels);
  await requireSha256(join(wheels, file!), file!, wheel.sha256);
  await runProgram(python, ['-c', extract, join(wheels, file!), into]);
  await rm(wheels, { recursive: true });
}

/** @throws Error if the SHA-256 of a downloaded file differs from the pinned one */
export async function requireSha256(path: string, name: string, sha256: string): Promise<void> {
  const found = await fileSha256(path);
  if (found !== sha256)
    throw new Error(
      `${name} has SHA-256 ${found.slice(0, 12)}..., not the pinned ${sha256.slice(0, 12)}...; it is not used: ask whoever runs the package index`,
    );
}

/** Symbol tables make 193 MB of the libraries' 683 MB. */
async function stripLibraries(folder: string): Promise<void> {
  const strip = await findProgram(['strip'], ['--version']);
  if (!strip) return;
  for (const name of (await readdir(folder)).filter((each) => each.includes('.so'))) {
    const path = join(folder, name);
    await runProgram(strip, ['--strip-unneeded', '-o', `${path}.stripped`, path]);
    await rename(`${path}.stripped`, path);
  }
}
