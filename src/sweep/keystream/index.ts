/**
 * `nist --study`: every map with every quantiser through SP 800-22, beside what the map's orbit is worth. Each part is
 * a file of its own in the run folder, so that the same command goes on after a kill. The full size takes hours on two
 * cores: 70 keystreams of 55 million bits, 0.5 to 1 s a million.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { chaoticMapNames, mapNamed } from '../../chaos/maps.ts';
import { quantiserNamed, quantiserNames } from '../../cipher/quantisers.ts';
import { hasRunFile, readRunJson, runFile } from '../../runs/run-files.ts';
import { defaultRuns, runId } from '../../runs/run-folder.ts';
import { InputError } from '../../shared/errors.ts';
import { makeFolder, writeJson } from '../../shared/files.ts';
import { Workers } from '../../shared/workers.ts';
import type { KeystreamResult, MapResult, StudyResult, StudySize } from '../../tables/keystream-results.ts';
import type { StudyTask } from './work.ts';

export const sizes = {
  full: { bits: 1_000_000, sequences: 55, steps: 1_000_000, values: 2000, starts: 10, limit: 10_000_000 },
  quick: { bits: 100_000, sequences: 10, steps: 100_000, values: 1000, starts: 10, limit: 300_000 },
} satisfies Record<string, StudySize>;

export interface StudyRequest {
  readonly size: StudySize;
  readonly seed: number;
  /** All unless given. */
  readonly maps?: readonly string[];
  readonly quantisers?: readonly string[];
  readonly threads?: number;
  readonly out?: string;
}

/**
 * @param onDone called with the parts done and their number
 * @throws InputError for unknown names, a size that is none, or a folder that cannot be written
 */
export async function studyKeystreams(
  { size, seed, maps = chaoticMapNames, quantisers = quantiserNames, threads, out }: StudyRequest,
  onDone?: (done: number, of: number, part: string) => void,
): Promise<StudyResult> {
  maps.forEach(mapNamed);
  quantisers.forEach(quantiserNamed);
  checkSize(size);
  const config = { size, seed };
  const folder = await makeFolder(out ?? join(defaultRuns, runId('keystream', size, seed)));
  await refuseOther(folder, config);
  const parts = await makeFolder(join(folder, 'parts'));
  const task = (map: string, quantiser: string | null): StudyTask => {
    return { map, quantiser, size, seed, file: join(parts, `${map}-${quantiser ?? 'map'}.json`) };
  };
  const ofMaps = maps.map((map) => task(map, null));
  const ofStreams = maps.flatMap((map) => quantisers.map((quantiser) => task(map, quantiser)));
  await runMissing([...ofMaps, ...ofStreams], threads, onDone);
  const result: StudyResult = {
    out: folder,
    ...config,
    maps: await read<MapResult>(ofMaps),
    keystreams: await read<KeystreamResult>(ofStreams),
  };
  await writeJson(runFile(folder, 'keystream'), result);
  return result;
}

/** Parts of another size or seed must not be taken for ours. */
async function refuseOther(folder: string, config: object): Promise<void> {
  if (hasRunFile(folder, 'config')) {
    const before = await readRunJson<object>(folder, 'config');
    if (JSON.stringify(before) !== JSON.stringify(config))
      throw new InputError(`${folder} holds a study of another size or seed; choose another --out folder`);
  }
  await writeJson(runFile(folder, 'config'), config);
}

const read = <Result>(tasks: readonly StudyTask[]): Promise<Result[]> =>
  Promise.all(tasks.map(async ({ file }) => JSON.parse(await readFile(file, 'utf8')) as Result));

async function runMissing(
  tasks: readonly StudyTask[],
  threads: number = availableParallelism(),
  onDone: (done: number, of: number, part: string) => void = () => undefined,
): Promise<void> {
  const missing = tasks.filter(({ file }) => !existsSync(file));
  if (missing.length === 0) return;
  let done = tasks.length - missing.length;
  const module = new URL('./work.ts', import.meta.url);
  const workers = new Workers<StudyTask, unknown>(module, Math.min(threads, missing.length));
  try {
    await Promise.all(
      missing.map(async (task) => {
        await workers.run(task);
        onDone(++done, tasks.length, `${task.map} ${task.quantiser ?? 'orbit'}`);
      }),
    );
  } finally {
    await workers.close();
  }
}

const least: StudySize = { bits: 1000, sequences: 1, steps: 1000, values: 100, starts: 1, limit: 1 };

function checkSize(size: StudySize): void {
  for (const [name, value] of Object.entries(size)) {
    const low = least[name as keyof StudySize];
    if (!(Number.isSafeInteger(value) && value >= low))
      throw new InputError(`"${name}" of the study expected an integer of at least ${low}, got ${value}`);
  }
}
