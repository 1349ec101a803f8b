/**
 * Run folders to an MLflow server: config.json as parameters, env.json as tags, metrics.jsonl by epoch and a sweep cell's
 * result.json as metrics. A run is found again by its tag, so that a second export adds only new values.
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { readRun } from '../../runs/find-run.ts';
import { readRunJson, runFile } from '../../runs/run-files.ts';
import { readMetrics, readStatus } from '../../runs/run-folder.ts';
import { InputError } from '../../shared/errors.ts';
import type { CellResult } from '../../sweep/cell-folder.ts';
import type { Metric, MlflowClient, Pair } from './client.ts';

export interface Exported {
  readonly folder: string;
  readonly run: string;
  /** Values sent now; 0 where the server had them all. */
  readonly metrics: number;
}

/**
 * The folders of the runs; a sweep stands for its started cells.
 * @param given folders or ids
 * @throws InputError for a folder that is no run
 */
export async function runFolders(given: readonly string[]): Promise<string[]> {
  const lists = given.map(async (text) => {
    const { folder, kind } = await readRun(text);
    return kind === 'sweep' ? cellsOf(folder) : [folder];
  });
  return (await Promise.all(lists)).flat();
}

async function cellsOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
  const cells: string[] = [];
  for (const folder of folders) if (await readStatus(folder)) cells.push(folder);
  if (cells.length === 0) throw new InputError(`${path} holds a sweep without a started cell; run it first`);
  return cells.sort();
}

/** @param experiment its id at the server */
export async function exportRun(client: MlflowClient, experiment: string, folder: string): Promise<Exported> {
  const config = flat(await readRunJson<object>(folder, 'config'));
  const environment = flat(await readRunJson<object>(folder, 'environment'));
  const { metrics, start, end } = await metricsOf(folder);
  const tag = { key: 'medchaos.run', value: basename(resolve(folder)) };
  const tags = [tag, ...environment.map(([key, value]) => pair(`env.${key}`, value))];
  const run =
    (await client.findRun(experiment, tag)) ?? (await client.createRun(experiment, tag.value, start, [tag]));
  const id = run.info.run_id;
  const latest = new Map(run.data.metrics?.map(({ key, step }) => [key, Number(step)]));
  const fresh = metrics.filter(({ key, step }) => step > (latest.get(key) ?? -1));
  const known = new Map(run.data.params?.map(({ key, value }) => [key, value]));
  const params = config.map(([key, value]) => pair(key, value)).filter(({ key }) => !known.has(key));
  await client.log(id, { metrics: fresh, params, tags });
  const state = (await readStatus(folder))?.state;
  if (state === 'done' || state === 'failed')
    await client.endRun(id, state === 'done' ? 'FINISHED' : 'FAILED', end);
  return { folder, run: id, metrics: fresh.length };
}

/** Times are those of the files, because a record says only the seconds since the run's start. */
async function metricsOf(folder: string): Promise<{ metrics: Metric[]; start: number; end: number }> {
  const records = await readMetrics<{ epoch: number; seconds?: number }>(folder);
  const cell = await readRunJson<CellResult>(folder, 'result').catch(() => null);
  const newest = records.length > 0 ? 'metrics' : cell ? 'result' : 'config';
  const end = Math.round((await stat(runFile(folder, newest))).mtimeMs);
  const total = Number(records.at(-1)?.seconds ?? cell?.seconds ?? 0);
  const at = (seconds: number): number => Math.round(end - 1000 * (total - seconds));
  const ofEpochs = records.flatMap(({ epoch, ...rest }) =>
    numbersOf(rest, at(Number(rest.seconds ?? total)), epoch),
  );
  const ofCell = cell ? numbersOf({ ...cell.measures, seconds: cell.seconds }, end, 0) : [];
  return { metrics: [...ofEpochs, ...ofCell], start: at(0), end };
}

const numbersOf = (record: object, timestamp: number, step: number): Metric[] =>
  flat(record)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    .map(([key, value]) => ({ key, value, timestamp, step }));

type Leaf = string | number | boolean | null;

/** `{ a: { b: [1, 2] } }` is `a.b.0` 1, `a.b.1` 2; characters that MLflow refuses in a name become `_`. */
export function flat(value: object, prefix = ''): [string, Leaf][] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = `${prefix}${key.replace(/[^\w\-. ]/g, '_')}`;
    return typeof inner === 'object' && inner !== null
      ? flat(inner, `${name}.`)
      : ([[name, inner]] as [string, Leaf][]);
  });
}

/** The server takes 6000 characters of a parameter and more of a tag. */
const pair = (key: string, value: Leaf): Pair => ({ key, value: String(value).slice(0, 6000) });
