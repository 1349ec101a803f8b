/** run.json: the results as JSON. JSON has no Infinity: an infinite PSNR is null beside its MSE of 0. */
import { join } from 'node:path';
import { InputError, messageOf } from '../shared/errors.ts';
import { readInput, writeJson } from '../shared/files.ts';
import type { CellRecord, Measured, PeerCell, ReproductionResults } from './results.ts';

export const writeResults = (out: string, results: ReproductionResults): Promise<void> =>
  writeJson(join(out, 'run.json'), results);

/** Reads OUT/run.json. @throws InputError if it is missing or not what `reproduce-tables` wrote */
export async function readResults(out: string): Promise<ReproductionResults> {
  const path = join(out, 'run.json');
  return parseResults((await readInput(path, 'run')).toString('utf8'), path);
}

export function parseResults(text: string, path: string): ReproductionResults {
  const results = parse(text, path) as Partial<ReproductionResults> | null;
  const lists = [results?.images, results?.training, results?.cells, results?.timings];
  if (results?.version !== 1 || !lists.every(Array.isArray))
    throw new InputError(
      `${path} expected results of version 1, got ${results?.version ?? 'something else'}; run: medchaos reproduce-tables`,
    );
  const { peers } = results;
  const measured = peers && { ...peers, cells: peers.cells.map(restoredPeer) };
  return {
    ...results,
    cells: results.cells!.map(restored),
    ...(measured && { peers: measured }),
  } as ReproductionResults;
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${path} expected JSON: ${messageOf(error)}; run: medchaos reproduce-tables`);
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
