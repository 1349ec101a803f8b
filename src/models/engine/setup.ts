/**
 * Sets the native engine up once for each user: what is cached, the Python wheel with a C++ compiler,
 * Google's prebuilt download, in this order. It appears whole (a folder renamed into place) or not at all,
 * and a failure is remembered with its reason, so that the next command goes to the fallback at once.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../shared/cache.ts';
import { messageOf } from '../../shared/errors.ts';
import { writeJson } from '../../shared/files.ts';
import { say } from '../../shared/progress.ts';
import { engineFromGoogle, googleAddon } from './google.ts';
import { runProgram } from './run-program.ts';
import { engineFromWheel, tensorflowVersion } from './wheel.ts';

/** The addon of a native engine, or why there is none. */
export type NativeState = { readonly addon: string } | { readonly missing: string };

const root = (): string => cacheFolder('engine');
const key = `tensorflow-${tensorflowVersion}-tfjs-4.22.0-${platform()}-${arch()}`;
const cachedAddon = (): string => join(root(), key, 'tfjs_binding.node');
const failureFile = (): string => join(root(), `${key}.failed.json`);

/** An optional peer: this checkout has it, a project that depends on the package adds it. */
const remedy = 'npm install --ignore-scripts @tensorflow/tfjs-node-gpu@4.22.0';

/** What stands ready now, without setting anything up. */
export async function nativeState(): Promise<NativeState> {
  if (existsSync(cachedAddon())) return { addon: cachedAddon() };
  try {
    if (existsSync(googleAddon())) return { addon: googleAddon() };
  } catch {
    return { missing: `the package @tensorflow/tfjs-node-gpu is not installed; run: ${remedy}` };
  }
  const failed = await readFile(failureFile(), 'utf8').catch(() => null);
  return { missing: failed ? (JSON.parse(failed) as { reason: string }).reason : 'not set up yet' };
}

/**
 * The native engine, set up if need be. Never throws: where no engine can be had it says why.
 * @param again try once more what failed before
 */
export async function ensureNative(again = false): Promise<NativeState> {
  const state = await nativeState();
  if ('addon' in state || (!again && existsSync(failureFile()))) return state;
  if (process.env.MEDCHAOS_NO_NATIVE) return { missing: 'MEDCHAOS_NO_NATIVE is set' };
  const reasons: string[] = [];
  for (const [name, attempt] of [
    ['Python wheel', fromWheel],
    ["Google's download", engineFromGoogle],
  ] as const) {
    try {
      return { addon: await attempt() };
    } catch (error) {
      reasons.push(`${name}: ${messageOf(error)}`);
      say(`engine: no ${name}: ${messageOf(error)}`);
    }
  }
  await mkdir(root(), { recursive: true }).then(() =>
    writeJson(failureFile(), { reason: reasons.join('; ') }),
  );
  return { missing: reasons.join('; ') };
}

async function fromWheel(): Promise<string> {
  await mkdir(root(), { recursive: true });
  const folder = await mkdtemp(join(root(), 'setting-up-'));
  try {
    await engineFromWheel(folder);
    await tryAddon(join(folder, 'tfjs_binding.node'));
    // Where another process was quicker its folder stays: both hold the same.
    await rename(folder, join(root(), key)).catch((error) => {
      if (!existsSync(cachedAddon())) throw error;
    });
    await rm(failureFile(), { force: true });
    say('engine: ready');
    return cachedAddon();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Loads it in a process of its own: an addon that crashes must not take the command with it. */
const tryAddon = (addon: string): Promise<void> =>
  runProgram(process.execPath, ['-e', `require(${JSON.stringify(addon)})`]);
