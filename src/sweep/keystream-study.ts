/** `nist --study` as a sweep: each map alone and with each quantiser is a cell of the work `keystream`. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { mapNamed, mapNames } from '../chaos/maps.ts';
import { quantiserNamed, quantiserNames } from '../cipher/quantise.ts';
import { hasRunFile, parsed, readRunJson, runFile } from '../runs/run-files.ts';
import { defaultRuns, runId, writeStatus } from '../runs/run-folder.ts';
import { InputError } from '../shared/errors.ts';
import { makeFolder, writeJson } from '../shared/files.ts';
import type { KeystreamResult, MapResult, StudyResult, StudySize } from '../tables/keystream-text.ts';
import { cellFolder, prepareCell, stateOfCell } from './cell-folder.ts';
import { local } from './local.ts';
import { runSweep } from './run.ts';
import { type Cell, planOf, type Sweep } from './sweep.ts';
import keystream, { checkSize, type KeystreamConfig, measuresOf } from './works/keystream.ts';

export interface StudyRequest {
  readonly size: StudySize;
  readonly seed: number;
  /** Default: all. */
  readonly maps?: readonly string[];
  readonly quantisers?: readonly string[];
  /** Cells at a time; default: all cores. */
  readonly threads?: number;
  readonly out?: string;
  /** As typed, for the tables. */
  readonly command?: string;
}

const work = 'keystream';
/** With starts and limits as great as they can be given, a map takes days. */
const timeLimit = 1e6;

/** @throws InputError for unknown names, a size that is none, or a folder of another study */
export async function studyKeystreams(request: StudyRequest): Promise<StudyResult> {
  const { size, seed, threads = availableParallelism(), command = 'npm run nist -- --study' } = request;
  checkSize(size);
  const plan = planOf(sweepOf(request), keystream);
  const out = await makeFolder(request.out ?? join(defaultRuns, runId('keystream', size, seed)));
  await refuseOther(out, { size, seed });
  for (const cell of plan.cells) await adoptPart(out, cell);
  const limits = { jobs: threads, timeLimit, memory: null, failFast: false };
  const { rows } = await runSweep(plan, { out, launcher: local, retries: 0, work, command, ...limits });
  const failed = rows.filter(({ state }) => state !== 'done');
  if (failed.length > 0)
    throw new Error(
      `${failed.length} of ${rows.length} parts of the study failed, the first: ${failed[0]!.reason}; the same command runs them again`,
    );
  const result = { out, size, seed, ...(await resultsIn(out, plan.cells)) };
  await writeJson(runFile(out, 'keystream'), result);
  return result;
}

function sweepOf({ size, seed, maps = mapNames, quantisers = quantiserNames }: StudyRequest): Sweep {
  maps.forEach(mapNamed);
  quantisers.forEach(quantiserNamed);
  const pairs = maps.flatMap((map) => quantisers.map((quantiser) => ({ map, quantiser })));
  return {
    name: work,
    question: 'Which quantiser makes a random keystream of which map?',
    work,
    base: { ...size },
    variants: [...maps.map((map) => ({ map, quantiser: null })), ...pairs],
    seeds: [seed],
    rank: [{ by: 'passed', better: 'higher' }],
  };
}

/** Results of another size or seed must not stand beside ours. */
async function refuseOther(out: string, config: object): Promise<void> {
  if (hasRunFile(out, 'config')) {
    const before = await readRunJson<object>(out, 'config');
    if (JSON.stringify(before) !== JSON.stringify(config))
      throw new InputError(`${out} holds a study of another size or seed; choose another --out folder`);
  }
  await writeJson(runFile(out, 'config'), config);
}

type Result = MapResult | KeystreamResult;
const keyOf = ({ config }: Cell) => config as unknown as KeystreamConfig;

/** Studies were no sweeps at first: their results stood in OUT/parts, and count as cells that are done. */
async function adoptPart(out: string, cell: Cell): Promise<void> {
  const { map, quantiser } = keyOf(cell);
  const part = join(out, 'parts', `${map}-${quantiser ?? 'map'}.json`);
  const folder = cellFolder(out, cell);
  if (!existsSync(part) || (await stateOfCell(folder)).state === 'done') return;
  const result = parsed<Result>(await readFile(part, 'utf8'));
  if (result === null) return;
  await prepareCell(folder, { work, config: cell.config });
  await writeJson(runFile(folder, 'keystream'), result);
  await writeJson(runFile(folder, 'result'), { measures: measuresOf(result), seconds: 0 });
  await writeStatus(folder, { state: 'done' });
}

async function resultsIn(out: string, cells: readonly Cell[]) {
  const maps: MapResult[] = [];
  const keystreams: KeystreamResult[] = [];
  for (const cell of cells) {
    const result = await readRunJson<Result>(cellFolder(out, cell), 'keystream');
    if ('zeroOne' in result) maps.push(result);
    else keystreams.push(result);
  }
  return { maps, keystreams };
}
