/** A folder of pairs, pairs.csv with its contact sheet and summary, found again by the options that made it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultRuns, runId } from '../../runs/run-folder.ts';
import { writeWhole } from '../../shared/files.ts';
import { encodePng } from '../images/png.ts';
import { type ExtraName, type Metadata, onlyExtra } from '../metadata/extra.ts';
import type { EncoderName } from './encode.ts';
import type { ManifestRow } from './manifest.ts';
import { type Pair, type PairOptions, type Pairs, planPairs } from './pairs.ts';
import { type PairsSummary, PairsTally } from './pairs-summary.ts';
import { readPairs, summarise, writePairs, writeSummary } from './pairs-table.ts';
import { contactSheet, sheetSize } from './sheet.ts';

/** The pairs, and how the sheet draws them. */
export interface PairsJob extends Omit<PairOptions, 'folder'> {
  readonly encoder: EncoderName;
  readonly size: number;
  /** Extra fields of the metadata images. Default: none. */
  readonly extra?: readonly ExtraName[] | undefined;
}

/** Of both commands that make pairs, so that they find each other's. */
export const pairsDefaults = {
  valFraction: 0.1,
  copies: 'pixels',
  undated: 'synthetic',
} as const satisfies Partial<PairsJob>;

export const pairsFolder = (job: PairsJob): string => join(defaultRuns, runId('pairs', job, job.seed));

/** The survey of the images does not depend on what is predicted: runs over the same folder share it. */
const surveyFolder = ({ data, copies }: PairsJob, out: string): string =>
  out.startsWith(defaultRuns) ? join(defaultRuns, runId('images', { data, copies }, 0)) : out;

/**
 * Writes FOLDER/pairs.csv and sheet.png.
 * @param onPair called with each pair that was written
 * @throws InputError for options out of range, a data folder that cannot be read, or a folder that cannot be written
 */
export async function writePairsTable(
  folder: string,
  job: PairsJob,
  onPair: (pair: Pair) => void = () => {},
): Promise<Pairs> {
  const pairs = await planPairs({ ...job, folder: surveyFolder(job, folder) });
  const shown: Metadata[] = [];
  const written = (pair: Pair): void => {
    if (shown.length < sheetSize) shown.push(drawn(pair, job.extra));
    onPair(pair);
  };
  await writePairs(folder, pairs, written, job.extra);
  await writeWhole(join(folder, 'sheet.png'), await encodePng(contactSheet(shown, job.size, job.encoder)));
  return pairs;
}

/** The same, with FOLDER/pairs.json. */
export async function writePairsFolder(folder: string, job: PairsJob): Promise<PairsSummary> {
  const tally = new PairsTally();
  const { skipped, faults } = await writePairsTable(folder, job, (pair) => tally.add(pair));
  const summary = { ...tally.summary(skipped, job), faults };
  await writeSummary(folder, summary);
  return summary;
}

/** The summary of pairs that are there; null where there are none. */
export async function pairsSummaryIn(folder: string): Promise<PairsSummary | null> {
  const path = join(folder, 'pairs.json');
  if (!existsSync(path)) return null;
  const { options, skipped, faults = [] } = JSON.parse(await readFile(path, 'utf8')) as PairsSummary;
  return { ...(await summarise(await readPairs(folder), skipped, options)), faults };
}

/** Content of a pair's metadata image. */
export const drawn = (
  pair: Pick<ManifestRow, 'when' | 'modality' | 'patient'>,
  extra: readonly ExtraName[] | null = null,
): Metadata => (extra ? { ...pair.when, extra: onlyExtra(extra, pair) } : pair.when);
