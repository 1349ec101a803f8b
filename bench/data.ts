/**
 * Looking at the images of a data folder, one thread: size and date alone, and with the hash of the pixels, on a
 * 1024 x 1024 grey PNG, a phantom; loading a manifest of pairs; and the memory that the plan of pairs of images holds.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { mriPhantom } from '../src/data/images/phantoms/mri.ts';
import { encodePng } from '../src/data/images/png.ts';
import { planPairs } from '../src/data/pairs/pairs.ts';
import { readPairs, writePairs } from '../src/data/pairs/pairs-table.ts';
import { type CopyTest, lookAt } from '../src/data/pairs/survey/look.ts';
import { seconds } from '../src/shared/timing.ts';
import { type Effort, medians, sizeText } from './_measure.ts';
import { type BenchRow, row } from './row.ts';

const effort: Effort = { runs: 100, seconds: 4 };

/** @param manifestRows a million, fewer for tests @param side of the image @param planned images of a plan */
export async function benchData(
  manifestRows = 1_000_000,
  side = 1024,
  planned = 20_000,
): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'medchaos-bench-'));
  try {
    return [
      ...(await lookRows(folder, side)),
      await manifestRow(folder, manifestRows),
      await planRow(folder, planned),
    ];
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

/** What a plan holds on to: paths, groups, dates. Pixels and looks never pile up. */
async function planRow(folder: string, count: number): Promise<BenchRow> {
  const data = join(folder, 'planned');
  await mkdir(join(data, 'nih', 'images'), { recursive: true });
  for (let i = 0; i < count; i++) {
    const pixels = { width: 2, height: 1, channels: 1, depth: 8, data: Uint8Array.of(i, i >> 8) } as const;
    await writeFile(
      join(data, 'nih', 'images', `${String(i).padStart(8, '0')}_000.png`),
      await encodePng(pixels),
    );
  }
  const collect = collector();
  const before = collect();
  const options = { data, target: 'calendar', map: 'lorenz', seed: 1, valFraction: 0.1, folder } as const;
  const plan = await planPairs(options);
  const held = collect() - before;
  return row({
    work: `memory held by the plan of ${plan.count} pairs of images`,
    unit: 'MB',
    ours: held / 1e6,
    runs: 1,
  });
}

/** Bytes of the heap that are in use, rubbish collected. */
function collector(): () => number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
}
