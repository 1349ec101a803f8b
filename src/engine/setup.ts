/**
 * Sets a native engine up once for each user: TensorFlow's library (downloaded, 490 MB on disk), and the addons compiled
 * against it. Each folder appears whole (renamed into place) or not at all. A failure is remembered with its reason, so
 * that the next command goes to the fallback at once.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../shared/errors.ts';
import { writeJson } from '../shared/files.ts';
import { say } from '../shared/progress.ts';
import { type Build, type BuildName, buildOf, engineRoot, libraryFolder } from './builds.ts';
import { addonsFolder, compileAddons, requireTools } from './compile.ts';
import { libraryFromGoogle } from './google.ts';
import { runProgram } from './run-program.ts';
import { distrust, sealFolder } from './trusted.ts';
import { libraryFromWheels } from './wheel.ts';

/** The folders of a native engine, or why there is none. */
export type NativeState = Native | { readonly missing: string };

export interface Native {
  /** Holds `quiet.node`, `runner.node` and perhaps `tfjs_binding.node`. */
  readonly addons: string;
  /** Holds `tensorflow/` and with CUDA `nvidia/`. */
  readonly library: string;
}

const nativeOf = (build: Build): Native => ({
  addons: addonsFolder(build),
  library: libraryFolder(build.name),
});

/** Why an attempt failed, so that the next command does not try again; a changed runner does. */
const failureFile = (build: Build): string => `${addonsFolder(build)}.failed.json`;

/** The engine's present state. Sets nothing up. */
export async function nativeState(name: BuildName = 'cpu'): Promise<NativeState> {
  try {
    return await stateOf(buildOf(name));
  } catch (error) {
    return { missing: messageOf(error) };
  }
}

async function stateOf(build: Build): Promise<NativeState> {
  const native = nativeOf(build);
  if (existsSync(native.addons) && existsSync(native.library)) {
    const reason = distrust(native.library) ?? distrust(native.addons);
    return reason === null ? native : { missing: reason };
  }
  const failed = await readFile(failureFile(build), 'utf8').catch(() => null);
  return { missing: failed ? (JSON.parse(failed) as { reason: string }).reason : 'not set up yet' };
}

/**
 * The native engine. The first call sets it up. Never throws: a failure is the result's `missing`.
 * @param again repeats a failed set-up, and checks that an existing engine loads
 * @param build for a graphics card, or for the processor
 */
export async function ensureNative(
  again = false,
  name: BuildName = 'cpu',
  build?: Build,
): Promise<NativeState> {
  try {
    return await ensure(build ?? buildOf(name), again);
  } catch (error) {
    return { missing: messageOf(error) };
  }
}

async function ensure(build: Build, again: boolean): Promise<NativeState> {
  const native = nativeOf(build);
  const state = await stateOf(build);
  if ('addons' in state && (!again || (await loads(native.addons)))) return state;
  if (!again && (existsSync(failureFile(build)) || existsSync(native.addons))) return state;
  if (process.env.MEDCHAOS_NO_NATIVE) return { missing: 'MEDCHAOS_NO_NATIVE is set' };
  try {
    await setUp(build, native);
    await rm(failureFile(build), { force: true });
    say('engine: ready');
    return native;
  } catch (error) {
    const reason = messageOf(error);
    say(`engine: not set up: ${reason}`);
    await mkdir(engineRoot(), { recursive: true });
    await writeJson(failureFile(build), { reason });
    return { missing: reason };
  }
}

/** Tools first: nothing is downloaded that could not be compiled against. */
async function setUp(build: Build, native: Native): Promise<void> {
  await requireTools();
  await mkdir(engineRoot(), { recursive: true });
  await chmod(engineRoot(), 0o700);
  await removeAbandoned();
  if (!existsSync(native.library) || distrust(native.library) !== null)
    await inPlace(native.library, (folder) => fetchLibrary(folder, build));
  await inPlace(native.addons, async (folder) => {
    await compileAddons(folder, native.library, build);
    await tryAddon(join(folder, 'runner.node'));
  });
}

/** The first source that gives the library. @throws Error with the reasons of all */
async function fetchLibrary(folder: string, build: Build): Promise<void> {
  const sources = { 'Python wheel': libraryFromWheels, "Google's archive": libraryFromGoogle };
  const reasons: string[] = [];
  for (const [name, source] of Object.entries(sources)) {
    try {
      return await source(folder, build);
    } catch (error) {
      reasons.push(`${name}: ${messageOf(error)}`);
      for (const rest of await readdir(folder)) await rm(join(folder, rest), { recursive: true });
    }
  }
  throw new Error(reasons.join('; '));
}

/** Makes a folder under a temporary name, seals it and renames it into place. Replaces a distrusted folder. */
async function inPlace(path: string, make: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(engineRoot(), `setting-up-${process.pid}-`));
  try {
    await make(folder);
    await sealFolder(folder);
    if (distrust(path) !== null || !(await loads(path))) await rm(path, { recursive: true, force: true });
    // Another process may have been quicker. Its folder holds the same files and stays.
    await rename(folder, path).catch((error) => {
      if (!existsSync(path)) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes the temporary folders of killed set-ups. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(engineRoot())) {
    const made = /^setting-up-(?:(\d+)-)?/.exec(name);
    if (made && !(made[1] && isAlive(Number(made[1]))))
      await rm(join(engineRoot(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the addons of a folder load; a folder without addons does. */
async function loads(folder: string): Promise<boolean> {
  const addon = join(folder, 'runner.node');
  if (!existsSync(addon)) return true;
  return tryAddon(addon).then(
    () => true,
    () => false,
  );
}

/** Loads it in a process of its own: an addon that crashes must not take the command with it. */
const tryAddon = (addon: string): Promise<void> =>
  runProgram(process.execPath, ['-e', `require(${JSON.stringify(addon)})`]);
