/**
 * Looking at the images of a data folder, one thread: size and date alone, and with the hash of the pixels, on a
 * 1024 x 1024 grey PNG, a phantom; and loading a manifest of pairs.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planPairs } from '../../data/pairs.ts';
import { readPairs, writePairs } from '../../data/pairs-table.ts';
import { mriPhantom } from '../../data/phantoms/mri.ts';
import { encodePng } from '../../data/png.ts';
import { type CopyTest, lookAt } from '../../data/survey/look.ts';
import { seconds } from '../../shared/timing.ts';
import { type Effort, medians, sizeText } from './_measure.ts';
import { type BenchRow, row } from './row.ts';

const effort: Effort = { runs: 100, seconds: 4 };

/** @param manifestRows a million, fewer for tests @param side of the image */
export async function benchData(manifestRows = 1_000_000, side = 1024): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'medchaos-bench-'));
  try {
    return [...(await lookRows(folder, side)), await manifestRow(folder, manifestRows)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function lookRows(folder: string, side: number): Promise<BenchRow[]> {
  const picture = mriPhantom(side, side, 1);
  await writeFile(join(folder, 'image.png'), await encodePng(picture));
  const look = (copies: CopyTest) => () => lookAt(folder, { path: 'image.png', set: 'files' }, copies);
  const { ms, runs } = await medians([look('none'), look('pixels')], effort);
  const rate = (work: string, time: number, limit: number): BenchRow =>
    row({ work: `${work} ${sizeText(picture)}`, batch: 1, unit: 'images/s', ours: 1000 / time, limit, runs });
  return [rate('size and date', ms[0]!, 1000), rate('size, date, pixel hash', ms[1]!, 60)];
}

async function manifestRow(folder: string, count: number): Promise<BenchRow> {
  const options = { count, target: 'calendar', map: 'lorenz', seed: 1, valFraction: 0.1 } as const;
  await writePairs(folder, await planPairs(options));
  await readPairs(folder); // danfojs loads, which is not the manifest's time
  const from = seconds();
  await readPairs(folder);
  return row({
    work: `load a manifest of ${count} pairs`,
    unit: 's',
    ours: seconds() - from,
    limit: 10,
    runs: 1,
  });
}
