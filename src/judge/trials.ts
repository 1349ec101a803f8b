/** The trials of `judge` in order, each within its budget, each kept in a file so that a killed judgement goes on. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePng } from '../data/images/image.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { makeFolder, readInput, writeJson, writeWhole } from '../shared/files.ts';
import { progressBar } from '../shared/progress.ts';
import { seconds } from '../shared/timing.ts';
import type { Raster } from '../shared/types.ts';

export interface Trial<Data = unknown> {
  readonly name: string;
  /** At most; 0 where it asks nothing. */
  readonly queries: number;
  /** Seconds of computing besides the queries. */
  readonly work?: number;
  /** Seconds to leave for the trials behind it. */
  readonly reserve?: number;
  /** Why it cannot run at all. */
  readonly impossible?: string | null;
  readonly run: () => Promise<{ readonly data: Data; readonly pictures?: Readonly<Record<string, Raster>> }>;
}

/** A trial that ran, or the reason why it did not. */
export interface TrialRecord<Data = unknown> {
  readonly name: string;
  readonly id?: string;
  readonly seconds: number;
  readonly data?: Data;
  readonly pictures: readonly string[];
  readonly why?: string;
}

export interface TrialSettings {
  /** Folder of the judgement; null writes nothing. */
  readonly out: string | null;
  /** Of the request: trials of another request in the same folder do not count. */
  readonly id: string;
  /** Seconds that all trials may take together; null: no limit. */
  readonly limit: number | null;
  /** Seconds of one query, as measured so far. */
  readonly secondsEach: () => number;
  readonly atOnce: number;
}

/** Runs the trials one by one and reads back those that an earlier, killed command finished. */
export class TrialRunner {
  readonly records: TrialRecord[] = [];
  readonly pictures = new Map<string, Raster>();
  readonly #settings: TrialSettings;
  readonly #started = seconds();
  readonly #bar;
  #spentBefore = 0;

  constructor(settings: TrialSettings, total: number) {
    this.#settings = settings;
    this.#bar = progressBar('judge', total);
  }

  async run<Data>(trial: Trial<Data>): Promise<TrialRecord<Data>> {
    this.#bar.update(this.records.length, trial.name);
    const record = (await this.#finished<Data>(trial.name)) ?? (await this.#begin(trial));
    this.records.push(record);
    return record;
  }

  stop(): void {
    this.#bar.stop();
  }

  /** Seconds that are left of the limit. */
  get left(): number {
    const { limit } = this.#settings;
    return limit === null
      ? Number.POSITIVE_INFINITY
      : limit - this.#spentBefore - (seconds() - this.#started);
  }

  #path = (name: string): string | null =>
    this.#settings.out === null ? null : join(this.#settings.out, 'trials', `${name}.json`);

  async #finished<Data>(name: string): Promise<TrialRecord<Data> | null> {
    const path = this.#path(name);
    if (path === null || !existsSync(path)) return null;
    try {
      const record = JSON.parse((await readInput(path)).toString('utf8')) as TrialRecord<Data>;
      const whole = record.pictures.every((stem) =>
        existsSync(join(this.#settings.out!, 'pictures', `${stem}.png`)),
      );
      if (record.name !== name || record.id !== this.#settings.id || !whole) return null;
      this.#spentBefore += record.seconds;
      return record;
    } catch {
      return null; // damaged: the trial runs again
    }
  }

  async #begin<Data>(trial: Trial<Data>): Promise<TrialRecord<Data>> {
    const reason = trial.impossible ?? this.#tooLong(trial);
    if (reason) return { name: trial.name, seconds: 0, pictures: [], why: reason };
    const started = seconds();
    try {
      const { data, pictures = {} } = await trial.run();
      return await this.#keep({ name: trial.name, seconds: seconds() - started, data }, pictures);
    } catch (error) {
      if (!(error instanceof InputError) && !isPlainFailure(error)) throw error;
      return { name: trial.name, seconds: seconds() - started, pictures: [], why: messageOf(error) };
    }
  }

  #tooLong({ queries, work = 0, reserve = 0 }: Trial): string | null {
    const { secondsEach, atOnce, limit } = this.#settings;
    const needed = (queries * secondsEach()) / Math.max(1, atOnce) + work;
    if (needed + reserve <= this.left) return null;
    return `it needs up to ${queries} queries, about ${Math.ceil(needed)} s, and ${Math.max(0, Math.floor(this.left - reserve))} of ${limit} s are left for it; --level full runs it`;
  }

  async #keep<Data>(
    record: Omit<TrialRecord<Data>, 'pictures'>,
    pictures: Readonly<Record<string, Raster>>,
  ): Promise<TrialRecord<Data>> {
    const stems = Object.keys(pictures).map((stem) => `${record.name}-${stem}`);
    for (const [k, raster] of Object.values(pictures).entries()) this.pictures.set(stems[k]!, raster);
    const whole = { ...record, id: this.#settings.id, pictures: stems };
    const path = this.#path(record.name);
    if (path === null) return whole;
    const folder = await makeFolder(join(this.#settings.out!, 'pictures'));
    for (const [k, raster] of Object.values(pictures).entries())
      await writeWhole(join(folder, `${stems[k]}.png`), await encodePng(raster));
    await makeFolder(join(this.#settings.out!, 'trials'));
    await writeJson(path, whole);
    return whole;
  }

  /** The finished judgement needs its parts no longer. */
  async forget(): Promise<void> {
    if (this.#settings.out !== null)
      await rm(join(this.#settings.out, 'trials'), { recursive: true, force: true });
  }
}

/** Errors that a cipher object of a library user throws; mistakes of ours (TypeError and the like) are not among them. */
const isPlainFailure = (error: unknown): boolean =>
  error instanceof Error && (error.constructor === Error || error instanceof RangeError);
