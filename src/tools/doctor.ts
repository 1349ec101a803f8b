/** Parts of the toolkit on this machine, and for each missing part the command that installs it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { absentDatasets, findDatasets } from '../data/datasets/presence.ts';
import { type Engine, openEngine } from '../engine/engine.ts';
import { nvidiaCards, wantedCard } from '../engine/nvidia.ts';
import { ensureNative } from '../engine/setup.ts';
import { cardPresent, findCard } from '../engine/webgpu.ts';

export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'missing';
  readonly found: string;
  /** The command that mends it; null where nothing needs mending. */
  readonly remedy: string | null;
}

/** @param setup try once more to set up a native engine that failed before */
export async function examine(dataDir: string, setup: boolean): Promise<Check[]> {
  if (setup) await setUpAgain();
  const engine = await openEngine();
  return [
    ...engineChecks(engine),
    machineCheck(),
    nvidiaCheck(engine),
    await webGpuCheck(),
    pythonCheck(),
    browserCheck(),
    ...(await dataChecks(dataDir)),
  ];
}

const ok = (name: string, found: string): Check => ({ name, state: 'ok', found, remedy: null });
const missing = (name: string, found: string, remedy: string | null): Check => ({
  name,
  state: 'missing',
  found,
  remedy,
});

/** With CUDA if there is a card; the build without CUDA is the fallback. */
async function setUpAgain(): Promise<void> {
  const cuda = wantedCard('auto') === null ? null : await ensureNative(true, 'cuda');
  if (!cuda || 'missing' in cuda) await ensureNative(true);
}

function engineChecks(engine: Engine): Check[] {
  const node = ok('node', `${process.versions.node} ${process.platform} ${process.arch}`);
  if (engine.native) return [node, ok('engine', `tensorflow (native), ${engine.why}`)];
  return [node, missing('engine', `${engine.why}, ${engine.version}`, 'npm run doctor -- --setup')];
}

function machineCheck(): Check {
  const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return ok(
    'machine',
    `${model}, ${availableParallelism()} threads, memory ${gib(totalmem())} GiB (${gib(freemem())} free)`,
  );
}

/** The first line that a program prints, or null if it does not run. */
function answer(program: string, ...args: string[]): string | null {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? (stdout.trim().split('\n')[0] ?? '') : null;
}

/** Our tests run the graphics engines without a card: set-up with small wheels, WebGPU on a software device. */
const experience = 'tried on one H200';

/** @param cards from the driver */
export function nvidiaCheck(engine: Pick<Engine, 'device' | 'why'>, cards = nvidiaCards()): Check {
  if (cards.length === 0)
    return ok('nvidia', `no card with a driver; with one, --device takes it (${experience})`);
  const listed = cards.map((card, i) => `gpu:${i} ${card}`).join(', ');
  if (cards.includes(engine.device)) return ok('nvidia', `${listed}; used by tensorflow (${experience})`);
  return missing('nvidia', `${listed}, not used: ${engine.why} (${experience})`, 'npm run doctor -- --setup');
}

/** @param find what WebGPU takes; not asked where there is no card, since its library then prints warnings */
export async function webGpuCheck(present = cardPresent, find = findCard): Promise<Check> {
  const none = (why: string): Check => ok('webgpu', `${why}; only --engine webgpu needs one (${experience})`);
  if (!present()) return none('no graphics card');
  const card = await find();
  if ('missing' in card) return none(card.missing);
  return card.software
    ? ok(
        'webgpu',
        `${card.name}, a software device: auto never takes it, --engine webgpu does (${experience})`,
      )
    : ok(
        'webgpu',
        `${card.name}: --engine webgpu takes it, auto where no native engine runs (${experience})`,
      );
}

function pythonCheck(): Check {
  const version = answer('python3', '-m', 'pip', '--version');
  const compiler = answer(process.env.CXX ?? 'g++', '--version');
  if (version !== null && compiler !== null)
    return ok('engine tools', `${compiler}; ${version.split(' from ')[0]}`);
  const lacking = [version === null ? 'python3-pip' : '', compiler === null ? 'g++' : '']
    .filter(Boolean)
    .join(' ');
  return missing('engine tools', 'needed once, to set the native engine up', `apt-get install ${lacking}`);
}

/** For the report's browser test only. */
function browserCheck(): Check {
  const found = [process.env.MEDCHAOS_CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path && existsSync(path),
  );
  return found
    ? ok('browser', found)
    : missing('browser', "for the report's own test only", 'apt-get install chromium');
}

async function dataChecks(dataDir: string): Promise<Check[]> {
  const sets = existsSync(dataDir) ? await findDatasets(dataDir) : absentDatasets(dataDir);
  return sets.map(({ id, folder, found, expected, state }) => {
    const counted = `${found} of ${expected} images in ${folder}`;
    // Nothing needs a data set: the shipped pictures and phantoms stand in.
    return state === 'missing' ? missing(`data ${id}`, counted, remedyOf(id)) : ok(`data ${id}`, counted);
  });
}

/** DRIVE asks for an account: its archives are downloaded by hand and imported. */
const remedyOf = (id: string): string =>
  id === 'drive'
    ? 'npm run datasets -- import drive training.zip test.zip'
    : `npm run datasets -- fetch --only ${id}`;
