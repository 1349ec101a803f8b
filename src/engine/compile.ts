/**
 * Compiles the addons against a library folder, without node-gyp (5 s): the graph runner, and, where its package is
 * installed, the addon of @tensorflow/tfjs-node-gpu, which TensorFlow.js' own operations run on.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { messageOf } from '../shared/errors.ts';
import { besidePackage } from '../shared/package.ts';
import { say } from '../shared/progress.ts';
import { writePatched } from './addon-patch.ts';
import { type Build, engineRoot } from './builds.ts';
import { cudaLinkFlags } from './cuda.ts';
import { findProgram, runProgram } from './run-program.ts';

const require = createRequire(import.meta.url);

const sources = (): string => besidePackage('src/engine/runner');

/** The installed @tensorflow/tfjs-node-gpu, or null. */
export function tfjsPackage(): string | null {
  try {
    return dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  } catch {
    return null;
  }
}

/** Raise it when flags or `addon-patch.ts` change: the addons are then compiled again. */
const revision = '1';

/** Hash of the sources: a changed runner gets its own folder, and other checkouts keep theirs. */
export function addonsFolder({ key }: Pick<Build, 'key'>): string {
  const hash = createHash('sha256').update(revision);
  for (const name of ['runner.cc', 'quiet.cc']) hash.update(readFileSync(join(sources(), name)));
  const tfjs = tfjsPackage() === null ? '' : '-tfjs-4.22.0';
  return join(engineRoot(), `addons-${hash.digest('hex').slice(0, 12)}${tfjs}-${key}`);
}

/** Checks the compiler and Node's headers. @throws Error that names the missing tool and the remedy */
export async function requireTools(): Promise<{ readonly compiler: string; readonly nodeApi: string }> {
  const compiler = await findProgram([process.env.CXX ?? 'g++', 'c++', 'clang++'], ['--version']);
  if (!compiler) throw new Error('no C++ compiler is found; on Debian: apt-get install g++');
  try {
    const headers = dirname(require.resolve('node-api-headers/package.json'));
    return { compiler, nodeApi: join(headers, 'include') };
  } catch {
    throw new Error('the package node-api-headers is not installed; run: npm install node-api-headers');
  }
}

/**
 * Fills `folder` with `quiet.node`, `runner.node` and, where its package is there, `tfjs_binding.node`.
 * @param library the folder that holds `tensorflow/`, where the addons will find it: `../KEY` beside their own
 * @param extra more flags, for builds that check themselves
 */
export async function compileAddons(
  folder: string,
  library: string,
  build: Pick<Build, 'key' | 'name'>,
  extra: readonly string[] = [],
): Promise<void> {
  const { compiler, nodeApi } = await requireTools();
  say('engine: compiling the graph runner');
  const flags = ['-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8', `-I${nodeApi}`, ...extra];
  const compile = (name: string, from: readonly string[], more: readonly string[]): Promise<void> =>
    runProgram(compiler, [...flags, ...from, ...more, '-o', join(folder, name)]);
  const tensorflow = join(library, 'tensorflow');
  const link = [
    ...[`-I${join(tensorflow, 'include')}`, `-L${tensorflow}`, ...libraryFlags(tensorflow)],
    `-Wl,-rpath,$ORIGIN/../${build.key}/tensorflow`,
    ...(build.name === 'cuda' ? await cudaLinkFlags(library, build.key) : []),
  ];
  const compiled = await Promise.allSettled([
    compile('quiet.node', [join(sources(), 'quiet.cc')], []),
    compile('runner.node', [join(sources(), 'runner.cc')], link),
    compileTfjs(folder, (from, more) => compile('tfjs_binding.node', from, [...more, ...link])),
  ]);
  for (const each of compiled) if (each.status === 'rejected') throw each.reason;
}

/** The graph runner does not need this addon, so that its failure is a line on stderr. */
async function compileTfjs(
  folder: string,
  compile: (from: readonly string[], more: readonly string[]) => Promise<void>,
): Promise<void> {
  const from = tfjsPackage();
  if (from === null) return;
  try {
    const backend = join(folder, 'tfjs_backend.cc');
    await writePatched(join(from, 'binding', 'tfjs_backend.cc'), backend);
    const binding = join(from, 'binding', 'tfjs_binding.cc');
    await compile([backend, binding], [`-I${join(from, 'binding')}`, `-I${from}`]);
    await rm(backend);
  } catch (error) {
    say(`engine: without the addon of @tensorflow/tfjs-node-gpu: ${messageOf(error)}`);
  }
}

/** The wheel names its library libtensorflow_cc, Google's archive libtensorflow. */
const libraryFlags = (tensorflow: string): string[] =>
  ['libtensorflow_cc.so.2', 'libtensorflow.so.2', 'libtensorflow_framework.so.2']
    .filter((name) => existsSync(join(tensorflow, name)))
    .map((name) => `-l:${name}`);
