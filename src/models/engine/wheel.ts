/**
 * The native engine from TensorFlow's Python wheel. Google's download of libtensorflow is out of reach on
 * many networks, while a Python package index is not; the wheel holds the same C library and its headers.
 * The addon of @tensorflow/tfjs-node-gpu is compiled against it (5 s; no node-gyp).
 */
import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { say } from '../../shared/progress.ts';
import { findProgram, runProgram } from './run-program.ts';

/** 2.13.1: the smallest wheel of those tried (2.13.1, 2.15.1, 2.18.1, 2.21.0), and no slower. */
export const tensorflowVersion = '2.13.1';

const wheels: Record<string, { name: string; tag: string } | undefined> = {
  'linux-x64': { name: 'tensorflow-cpu', tag: 'manylinux_2_17_x86_64' },
  'linux-arm64': { name: 'tensorflow-cpu-aws', tag: 'manylinux_2_17_aarch64' },
};

const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** The wheel's members that the addon needs: two libraries and the headers that its sources include. */
const extract = `
import sys, zipfile
wheel, into = sys.argv[1:]
prefix = 'tensorflow/include/'
wanted = tuple(prefix + d for d in ('tensorflow/c/', 'tensorflow/tsl/', 'tensorflow/core/platform/', 'tsl/', 'xla/tsl/'))
with zipfile.ZipFile(wheel) as z:
    for name in z.namelist():
        if name.startswith(wanted) or name in ${JSON.stringify(libraries.map((l) => `tensorflow/${l}`))}:
            z.extract(name, into)
`;

const require = createRequire(import.meta.url);

/**
 * Fills `folder` with libtensorflow and `tfjs_binding.node`.
 * @throws Error that says which of Python, pip, compiler, download or compilation failed, with the remedy
 */
export async function engineFromWheel(folder: string): Promise<void> {
  const wheel = wheels[`${platform()}-${arch()}`];
  if (!wheel) throw new Error(`TensorFlow publishes no wheel for ${platform()} ${arch()}`);
  const python = await findProgram(['python3', 'python'], ['-m', 'pip', '--version']);
  if (!python) throw new Error('no Python 3 with pip is found; on Debian: apt-get install python3-pip');
  const compiler = await findProgram([process.env.CXX ?? 'g++', 'c++', 'clang++'], ['--version']);
  if (!compiler) throw new Error('no C++ compiler is found; on Debian: apt-get install g++');
  const unpacked = await downloadWheel(python, wheel, folder);
  await compileAddon(compiler, unpacked, folder);
  await keepLibraries(unpacked, folder);
}

async function downloadWheel(python: string, wheel: { name: string; tag: string }, folder: string) {
  const into = join(folder, 'wheel');
  say(`engine: downloading ${wheel.name} ${tensorflowVersion} (187 MB) with pip`);
  // The user's Python may be newer than any wheel of this version, so the target is named in full.
  const target = ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'];
  const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
  const spec = `${wheel.name}==${tensorflowVersion}`;
  await runProgram(python, [...pip, ...target, '--platform', wheel.tag, '--dest', into, spec]);
  const [file] = await readdir(into);
  say('engine: unpacking libtensorflow');
  await runProgram(python, ['-c', extract, join(into, file!), into]);
  return join(into, 'tensorflow');
}

async function compileAddon(compiler: string, unpacked: string, folder: string): Promise<void> {
  say('engine: compiling the TensorFlow.js addon');
  const package_ = dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  const nodeApi = join(dirname(require.resolve('node-api-headers/package.json')), 'include');
  await symlink(libraries[0]!, join(unpacked, 'libtensorflow.so'));
  await symlink(libraries[1]!, join(unpacked, 'libtensorflow_framework.so'));
  await runProgram(compiler, [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8'],
    ...[`-I${nodeApi}`, `-I${join(unpacked, 'include')}`, `-I${package_}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(package_, 'binding', file)),
    ...[`-L${unpacked}`, '-ltensorflow', '-ltensorflow_framework', '-Wl,-rpath,$ORIGIN'],
    ...['-o', join(folder, 'tfjs_binding.node')],
  ]);
}

/** Moves the two libraries beside the addon, without their symbol tables (561 MB become 415 MB). */
async function keepLibraries(unpacked: string, folder: string): Promise<void> {
  const strip = await findProgram(['strip'], ['--version']);
  await mkdir(folder, { recursive: true });
  for (const library of libraries) {
    const path = join(unpacked, library);
    if (strip) await runProgram(strip, ['--strip-unneeded', path]);
    await runProgram('mv', [path, join(folder, library)]);
  }
  await rm(join(folder, 'wheel'), { recursive: true });
}
