/**
 * The native engine from TensorFlow's Python wheel. Google's download of libtensorflow is out of reach on
 * many networks, while a Python package index is not; the wheel holds the same C library and its headers.
 * The addon of @tensorflow/tfjs-node-gpu is compiled against it (5 s; no node-gyp).
 */
import { mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { say } from '../../shared/progress.ts';
import type { Build } from './builds.ts';
import { cudaLinkFlags, cudaRequirements } from './cuda.ts';
import { findProgram, runProgram } from './run-program.ts';

const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/**
 * The wheel's members that the addon needs: two libraries and the headers that its sources include; of NVIDIA's
 * wheels the libraries and the assembler ptxas.
 */
const extract = `
import os, sys, zipfile
wheel, into = sys.argv[1:]
prefix = 'tensorflow/include/'
wanted = tuple(prefix + d for d in ('tensorflow/c/', 'tensorflow/tsl/', 'tensorflow/core/platform/', 'tsl/', 'xla/tsl/'))
with zipfile.ZipFile(wheel) as z:
    for name in z.namelist():
        library = name.startswith('nvidia/') and '/lib/' in name and '.so' in name
        if (name.startswith(wanted) or library or name == 'nvidia/cuda_nvcc/bin/ptxas'
                or name in ${JSON.stringify(libraries.map((l) => `tensorflow/${l}`))}):
            z.extract(name, into)
            if name.endswith('ptxas'): os.chmod(os.path.join(into, name), 0o755)
        if name.startswith('tensorflow') and name.count('/') == 1 and name.endswith('.dist-info/METADATA'):
            open(os.path.join(into, 'METADATA'), 'wb').write(z.read(name))
`;

const require = createRequire(import.meta.url);

/**
 * Fills `folder` with libtensorflow and `tfjs_binding.node`, in `build.inside`; with CUDA also with `nvidia/`.
 * @throws Error that says which of Python, pip, compiler, download or compilation failed, with the remedy
 */
export async function engineFromWheel(folder: string, build: Build): Promise<void> {
  const python = await findProgram(['python3', 'python'], ['-m', 'pip', '--version']);
  if (!python) throw new Error('no Python 3 with pip is found; on Debian: apt-get install python3-pip');
  const compiler = await findProgram([process.env.CXX ?? 'g++', 'c++', 'clang++'], ['--version']);
  if (!compiler) throw new Error('no C++ compiler is found; on Debian: apt-get install g++');
  const packages = join(folder, 'wheel');
  say(`engine: downloading ${build.wheel} ${build.version} (${build.size}) with pip`);
  await unpack(python, build, `${build.wheel}==${build.version}`, packages);
  if (build.cuda) {
    const needed = cudaRequirements(await readFile(join(packages, 'METADATA'), 'utf8'));
    for (const [i, requirement] of needed.entries()) {
      say(`engine: downloading ${requirement} (${i + 1} of ${needed.length})`);
      await unpack(python, build, requirement, packages);
    }
  }
  const addon = join(folder, build.inside, 'tfjs_binding.node');
  await mkdir(dirname(addon), { recursive: true });
  await compileAddon(compiler, packages, build, addon);
  await keepLibraries(packages, build, folder);
}

/** One wheel, downloaded by pip, unpacked and deleted. */
async function unpack(python: string, build: Build, requirement: string, into: string): Promise<void> {
  const wheels = join(into, 'downloaded');
  // The user's Python may be newer than any wheel of this version, so the target is named in full.
  const target = ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'];
  const tags = build.tags.flatMap((tag) => ['--platform', tag]);
  const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
  await runProgram(python, [...pip, ...target, ...tags, '--dest', wheels, requirement]);
  const [file] = await readdir(wheels);
  await runProgram(python, ['-c', extract, join(wheels, file!), into]);
  await rm(wheels, { recursive: true });
}

async function compileAddon(compiler: string, packages: string, build: Build, addon: string): Promise<void> {
  say('engine: compiling the TensorFlow.js addon');
  const unpacked = join(packages, 'tensorflow');
  const package_ = dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  const nodeApi = join(dirname(require.resolve('node-api-headers/package.json')), 'include');
  await symlink(libraries[0]!, join(unpacked, 'libtensorflow.so'));
  await symlink(libraries[1]!, join(unpacked, 'libtensorflow_framework.so'));
  await runProgram(compiler, [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8'],
    ...[`-I${nodeApi}`, `-I${join(unpacked, 'include')}`, `-I${package_}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(package_, 'binding', file)),
    ...[`-L${unpacked}`, '-ltensorflow', '-ltensorflow_framework', '-Wl,-rpath,$ORIGIN'],
    ...(build.cuda ? await cudaLinkFlags(packages) : []),
    ...['-o', addon],
  ]);
}

/** Moves the libraries to their place, TensorFlow's without their symbol tables (561 MB become 415 MB). */
async function keepLibraries(packages: string, build: Build, folder: string): Promise<void> {
  const strip = await findProgram(['strip'], ['--version']);
  for (const library of libraries) {
    const path = join(packages, 'tensorflow', library);
    if (strip) await runProgram(strip, ['--strip-unneeded', path]);
    await rename(path, join(folder, build.inside, library));
  }
  if (build.cuda) await rename(join(packages, 'nvidia'), join(folder, 'nvidia'));
  await rm(packages, { recursive: true });
}
