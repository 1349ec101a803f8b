/** A run folder is written here. Its name follows from the options, so the same command finds its own run again. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appendLine, appendText, makeFolder, writeJson, writeWhole } from '../shared/files.ts';
import { parsed, runFile } from './run-files.ts';

/** Where runs live by default. */
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

  /** Makes or reopens a run's folder. @throws InputError if it cannot be written */
  static async open(path: string, config: object, environment: object): Promise<RunFolder> {
    const run = new RunFolder(await makeFolder(path));
    await makeFolder(runFile(path, 'checkpoints'));
    await writeJson(runFile(path, 'config'), config);
    await writeJson(runFile(path, 'environment'), environment);
    await mendLastLine(runFile(path, 'metrics'));
    return run;
  }

  /** Appends one line to the metrics. */
  log = (record: object): Promise<void> => appendLine(runFile(this.path, 'metrics'), JSON.stringify(record));

  setStatus = (status: RunStatus): Promise<void> => writeStatus(this.path, status);
}

export const writeStatus = (run: string, status: RunStatus): Promise<void> =>
  writeJson(runFile(run, 'status'), status);

/** A killed process or a full disk may leave half a line: it is cut off, or ended where only its end is missing. */
async function mendLastLine(path: string): Promise<void> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  const whole = bytes.lastIndexOf('\n') + 1;
  if (whole === bytes.length) return;
  if (parsed(bytes.toString('utf8', whole)) === null) await writeWhole(path, bytes.subarray(0, whole));
  else await appendText(path, '\n');
}

/** null where the status is missing or damaged: the run then counts as not finished. */
export async function readStatus(run: string): Promise<RunStatus | null> {
  const status = parsed<RunStatus>(await readFile(runFile(run, 'status'), 'utf8').catch(() => ''));
  return typeof status?.state === 'string' ? status : null;
}

/**
 * The metrics, the last line of each epoch: a run killed between a line and its checkpoint writes that epoch again. A
 * line cut off by the kill is left out.
 */
export async function readMetrics<T extends { epoch: number }>(run: string): Promise<T[]> {
  const text = await readFile(runFile(run, 'metrics'), 'utf8').catch(() => '');
  const byEpoch = new Map<number, T>();
  for (const line of text.split('\n')) {
    const record = parsed<T>(line);
    if (typeof record?.epoch === 'number') byEpoch.set(record.epoch, record);
  }
  return [...byEpoch.values()].sort((a, b) => a.epoch - b.epoch);
}
