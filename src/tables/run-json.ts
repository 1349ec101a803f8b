/** run.json: the results as JSON. JSON has no Infinity: an infinite PSNR is null beside its MSE of 0. */
import { runFile } from '../runs/run-files.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { readInput, writeJson } from '../shared/files.ts';
import { alternatives, faultIn } from '../shared/schema.ts';
import {
  type CellRecord,
  type Measured,
  type PeerCell,
  type ReproductionResults,
  resultsSchema,
} from './results.ts';

export const writeResults = (out: string, results: ReproductionResults): Promise<void> =>
  writeJson(runFile(out, 'reproduction'), results);

/** Reads OUT/run.json. @throws InputError if it is missing or damaged, naming the place and the expected value */
export async function readResults(out: string): Promise<ReproductionResults> {
  const path = runFile(out, 'reproduction');
  return parseResults((await readInput(path, 'run')).toString('utf8'), path);
}

/** @throws InputError for a file that is no JSON, of another version, or incomplete, naming the place */
export function parseResults(text: string, path: string): ReproductionResults {
  const given = parse(text, path) as Partial<ReproductionResults> | null;
  if (given?.version !== 1)
    throw new InputError(
      `${path} expected results of version 1, got ${given?.version ?? 'something else'}; run: medchaos reproduce-tables`,
    );
  const fault = faultIn(resultsSchema, given) ?? strangeCell(given as ReproductionResults);
  if (fault !== null)
    throw new InputError(
      `${path} is damaged: ${fault}; run again: ${typeof given.command === 'string' ? given.command : 'medchaos reproduce-tables'}`,
    );
  const results = given as ReproductionResults;
  const { peers } = results;
  const measured = peers && { ...peers, cells: peers.cells.map(restoredPeer) };
  return { ...results, cells: results.cells.map(restored), ...(measured && { peers: measured }) };
}

/** Every cell is of an image that the run has. */
function strangeCell({ images, cells }: ReproductionResults): string | null {
  const known = images.map(({ id }) => id);
  const at = cells.findIndex(({ image }) => !known.includes(image));
  return at < 0 ? null : `"cells[${at}].image" expected ${alternatives(known)}, got ${cells[at]!.image}`;
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `${path} expected JSON, got a damaged file: ${messageOf(error)}; run again the command that made it: medchaos reproduce-tables`,
    );
  }
}

const infinite = Number.POSITIVE_INFINITY;

const restored = (cell: CellRecord): CellRecord => ({
  ...cell,
  decryptedPsnr: cell.decryptedMse === 0 ? infinite : cell.decryptedPsnr,
  measures: restoredMeasures(cell.measures),
});

const restoredPeer = (cell: PeerCell): PeerCell =>
  cell.measures ? { ...cell, measures: restoredMeasures(cell.measures) } : cell;

function restoredMeasures(measures: CellRecord['measures']): CellRecord['measures'] {
  const { psnr, mse } = measures;
  return { ...measures, psnr: mse.value === 0 ? asInfinite(psnr) : psnr };
}

const asInfinite = (psnr: Measured): Measured => ({ ...psnr, value: infinite, z: psnr.sd ? infinite : null });
