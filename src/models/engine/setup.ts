/**
 * Sets a native engine up once for each user: what is cached, the Python wheel with a C++ compiler,
 * Google's prebuilt download, in this order. It appears whole (a folder renamed into place) or not at all,
 * and a failure is remembered with its reason, so that the next command goes to the fallback at once.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../shared/errors.ts';
import { writeJson } from '../../shared/files.ts';
import { say } from '../../shared/progress.ts';
import { type BuildName, buildOf, cachedAddon, engineRoot, failureFile } from './builds.ts';
import { engineFromGoogle, googleAddon } from './google.ts';
import { runProgram } from './run-program.ts';
import { engineFromWheel } from './wheel.ts';

/** The addon of a native engine, or why there is none. */
export type NativeState = { readonly addon: string } | { readonly missing: string };

/** An optional peer: this checkout has it, a project that depends on the package adds it. */
const remedy = 'npm install --ignore-scripts @tensorflow/tfjs-node-gpu@4.22.0';

/** What stands ready now, without setting anything up. */
export async function nativeState(build: BuildName = 'cpu'): Promise<NativeState> {
  if (existsSync(cachedAddon(build))) return { addon: cachedAddon(build) };
  try {
    // Google's wants an older CUDA of the system's: a card is left to the wheels.
    if (existsSync(googleAddon()) && build === 'cpu') return { addon: googleAddon() };
  } catch {
    return { missing: `the package @tensorflow/tfjs-node-gpu is not installed; run: ${remedy}` };
  }
  const failed = await readFile(failureFile(build), 'utf8').catch(() => null);
  return { missing: failed ? (JSON.parse(failed) as { reason: string }).reason : 'not set up yet' };
}

/**
 * The native engine, set up if need be. Never throws: where no engine can be had it says why.
 * @param again try once more what failed before
 * @param build with CUDA, for an NVIDIA card, or without
 */
export async function ensureNative(again = false, build: BuildName = 'cpu'): Promise<NativeState> {
  const state = await nativeState(build);
  if ('addon' in state || (!again && existsSync(failureFile(build)))) return state;
  if (process.env.MEDCHAOS_NO_NATIVE) return { missing: 'MEDCHAOS_NO_NATIVE is set' };
  const reasons: string[] = [];
  for (const [name, attempt] of attempts(build)) {
    try {
      return { addon: await attempt() };
    } catch (error) {
      reasons.push(`${name}: ${messageOf(error)}`);
      say(`engine: no ${name}: ${messageOf(error)}`);
    }
  }
  await mkdir(engineRoot(), { recursive: true }).then(() =>
    writeJson(failureFile(build), { reason: reasons.join('; ') }),
  );
  return { missing: reasons.join('; ') };
}

const attempts = (build: BuildName): [string, () => Promise<string>][] =>
  build === 'cuda'
    ? [['Python wheels with CUDA', () => fromWheel(build)]]
    : [
        ['Python wheel', () => fromWheel(build)],
        ["Google's download", engineFromGoogle],
      ];

async function fromWheel(name: BuildName): Promise<string> {
  const build = buildOf(name);
  await mkdir(engineRoot(), { recursive: true });
  const folder = await mkdtemp(join(engineRoot(), 'setting-up-'));
  try {
    await engineFromWheel(folder, build);
    await tryAddon(join(folder, build.inside, 'tfjs_binding.node'));
    // Where another process was quicker its folder stays: both hold the same.
    await rename(folder, join(engineRoot(), build.key)).catch((error) => {
      if (!existsSync(cachedAddon(name))) throw error;
    });
    await rm(failureFile(name), { force: true });
    say('engine: ready');
    return cachedAddon(name);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Loads it in a process of its own: an addon that crashes must not take the command with it. */
const tryAddon = (addon: string): Promise<void> =>
  runProgram(process.execPath, ['-e', `require(${JSON.stringify(addon)})`]);
