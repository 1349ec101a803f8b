/**
 * A run folder tells everything: config.json (resolved), env.json, metrics.jsonl (append-only), checkpoints/,
 * status.json. Its name is made from what was asked for, so the same command finds its own run again.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../shared/errors.ts';
import { appendLine, appendText, makeFolder, writeJson, writeWhole } from '../shared/files.ts';

/** Where runs live unless said otherwise. */
export const defaultRuns = join('results', 'runs');

export interface RunStatus {
  readonly state: 'running' | 'done' | 'failed';
  readonly [detail: string]: unknown;
}

/** How far a run came, and why it failed. */
export const stateText = ({ state, reason }: RunStatus): string =>
  reason === undefined ? state : `${state}: ${reason}`;

/** `<experiment>-<8 hex of the config's SHA-256>-s<seed>`; the order of keys does not matter. */
export function runId(experiment: string, config: object, seed: number): string {
  const sorted = Object.fromEntries(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)));
  const hash = createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
  return `${experiment}-${hash.slice(0, 8)}-s${seed}`;
}

export class RunFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes or reopens a run's folder. @throws InputError where it cannot be written */
  static async open(path: string, config: object, environment: object): Promise<RunFolder> {
    const run = new RunFolder(await makeFolder(path));
    await makeFolder(join(path, 'checkpoints'));
    await writeJson(join(path, 'config.json'), config);
    await writeJson(join(path, 'env.json'), environment);
    await mendLastLine(join(path, 'metrics.jsonl'));
    return run;
  }

  /** Appends one line to metrics.jsonl. */
  log = (record: object): Promise<void> =>
    appendLine(join(this.path, 'metrics.jsonl'), JSON.stringify(record));

  setStatus = (status: RunStatus): Promise<void> => writeJson(join(this.path, 'status.json'), status);
}

/**
 * A process that was killed, or found the disk full, may leave half a line, upon which the next one would be written:
 * it is cut off, or ended where only its end is missing.
 */
async function mendLastLine(path: string): Promise<void> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  const whole = bytes.lastIndexOf('\n') + 1;
  if (whole === bytes.length) return;
  if (parsed(bytes.toString('utf8', whole)) === null) await writeWhole(path, bytes.subarray(0, whole));
  else await appendText(path, '\n');
}

/** A run's status, or null where there is none (yet), or a damaged one: the run then counts as not finished. */
export async function readStatus(run: string): Promise<RunStatus | null> {
  const status = parsed<RunStatus>(await readFile(join(run, 'status.json'), 'utf8').catch(() => ''));
  return typeof status?.state === 'string' ? status : null;
}

/**
 * The lines of metrics.jsonl, the last of each epoch: a run killed between a line and its checkpoint writes
 * that epoch again. A line cut off by the kill is left out.
 */
export async function readMetrics<T extends { epoch: number }>(run: string): Promise<T[]> {
  const text = await readFile(join(run, 'metrics.jsonl'), 'utf8').catch(() => '');
  const byEpoch = new Map<number, T>();
  for (const line of text.split('\n')) {
    const record = parsed<T>(line);
    if (record) byEpoch.set(record.epoch, record);
  }
  return [...byEpoch.values()].sort((a, b) => a.epoch - b.epoch);
}

function parsed<T>(line: string): T | null {
  try {
    return JSON.parse(line) as T;
  } catch {
    return null;
  }
}

/** A JSON file of a run. @throws InputError where it is missing or damaged */
export async function readRunJson<T>(run: string, file: string): Promise<T> {
  try {
    const held = JSON.parse(await readFile(join(run, file), 'utf8')) as T;
    if (typeof held === 'object' && held !== null) return held;
  } catch {} // told below
  throw new InputError(`${run} is no run folder: its ${file} is missing or damaged; check the path`);
}
