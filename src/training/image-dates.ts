/** `train --data DIR`: the pairs are the dates of the images of a folder, as the command `pairs` makes them. */
import { join } from 'node:path';
import { pairsDefaults, pairsFolder, writePairsTable } from '../data/pairs/make.ts';
import type { Skipped } from '../data/pairs/pairs.ts';
import { InputError } from '../shared/errors.ts';
import { say } from '../shared/progress.ts';
import { type TrainConfig, targetsOf, trainConfig } from './config.ts';
import type { ImageDates } from './options.ts';

/** Where the dates of a training come from. */
export interface DateCounts {
  readonly images: number;
  readonly own: number;
  readonly synthetic: number;
  readonly skipped: Readonly<Skipped>;
}

/**
 * @param which left out: any, with a warning
 * @throws InputError for several targets, or as `writePairsTable`
 */
export async function withImageDates(
  data: string,
  which: ImageDates | undefined,
  config: TrainConfig,
): Promise<{ config: TrainConfig; counts: DateCounts }> {
  say(
    `train --data learns from the dates of the images in ${data}, not from their pixels; ` +
      'pixels: train --images DIR --targets FILE.csv',
  );
  const { map, target, seed, encoder, size } = config;
  const [single, ...others] = targetsOf(config);
  if (others.length > 0)
    throw new InputError(`--target expected one beside --data, got ${target}; choose one of them`);
  const undated = which === 'own' ? 'skip' : 'synthetic';
  const job = {
    count: undefined,
    data,
    target: single!,
    map,
    seed,
    ...pairsDefaults,
    undated,
    encoder,
    size,
  } as const;
  const folder = pairsFolder(job);
  const withPairs = trainConfig({ ...config, manifest: join(folder, 'pairs.csv') });
  let [own, synthetic] = [0, 0];
  const { skipped } = await writePairsTable(folder, job, ({ dateSource }) => {
    if (dateSource === 'synthetic') synthetic++;
    else own++;
  });
  const left = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  const counts = { images: own + synthetic + left, own, synthetic, skipped };
  for (const line of dateLines(counts, which)) say(line);
  return { config: withPairs, counts };
}

const reasons: Readonly<Record<keyof Skipped, string>> = {
  withoutDate: 'have no date',
  outsideSpan: 'have a date outside 1990-2039',
  sameDate: 'have the date of another image',
  damaged: 'are damaged',
};

/** `206 images: 4 have a date of their own, 202 get a synthetic one`. */
function dateLines({ images, own, synthetic, skipped }: DateCounts, which?: ImageDates): string[] {
  const left = Object.entries(skipped)
    .filter(([, count]) => count > 0)
    .map(([why, count]) => `${count} ${reasons[why as keyof Skipped]} and are left out`);
  const parts = [`${own} have a date of their own`, `${synthetic} get a synthetic date`, ...left];
  const line = `${images} images: ${parts.join(', ')}`;
  if (synthetic === 0 || which === 'any') return [line];
  return [
    line,
    `warning: ${synthetic} of ${own + synthetic} dates are synthetic and tell nothing of these images; ` +
      '--dates own leaves those images out, --dates any accepts them',
  ];
}
