/** `medchaos pairs`: the pairs that networks are trained on, as a manifest to look at. */

import { join } from 'node:path';
import { mapNames } from '../src/chaos/maps.ts';
import { extraNames, parseExtra } from '../src/data/metadata/extra.ts';
import { checkedEncoder, encoderNames } from '../src/data/pairs/encode.ts';
import { type PairsJob, pairsDefaults } from '../src/data/pairs/make.ts';
import { undatedWays } from '../src/data/pairs/pairs.ts';
import type { PairGroup, PairsSummary } from '../src/data/pairs/pairs-summary.ts';
import { copyTests } from '../src/data/pairs/survey/look.ts';
import { targetNames } from '../src/data/pairs/target.ts';
import { option } from '../src/shared/option.ts';
import { oneOf } from '../src/shared/schema.ts';
import { trainDefaults as train } from '../src/training/config.ts';
import { command } from './_command.ts';
import { flag, maxDecodedOption, optional, real } from './_options.ts';

const pairsCommand = command({
  examples: [
    ['pairs --count 1000', 'dates without images'],
    ['pairs --data images --out pairs', 'a pair for each image of a folder'],
  ],
  options: {
    data: optional(
      'folder with nih, drive, pneumonia, brain-mri, dicom, or of any images',
      'dates without images',
    ),
    encoder: option(oneOf(encoderNames), { default: train.encoder, help: 'drawing of a date' }),
    target: option(oneOf(targetNames), { default: 'calendar', help: 'value that is predicted from it' }),
    map: option(oneOf(mapNames), {
      default: train.map,
      help: 'chaotic map: a target value for each of its parameters',
    }),
    count: option(real, {
      unset: 'one an image; 1000 without --data',
      help: 'pairs in all, dates without images filling up',
    }),
    size: option(real, { default: train.size, help: 'side of the metadata images on the sheet' }),
    seed: option(real, { default: train.seed, help: 'seed of synthetic dates, splits and target random' }),
    valFraction: option(real, {
      default: pairsDefaults.valFraction,
      help: 'share of the groups in val, and again in test',
    }),
    copies: option(oneOf(copyTests), {
      default: pairsDefaults.copies,
      help: 'images that stay in one split besides those of a patient: equal pixels, equal files only (faster), none',
    }),
    undated: option(oneOf(undatedWays), {
      default: pairsDefaults.undated,
      help: 'images without a date: give them one, or leave them out',
    }),
    extra: optional(
      `metadata that the images show beside the date: ${extraNames.join(', ')}, or both with a comma`,
      'none',
    ),
    describe: flag('print counts and target ranges by set, source of date and split'),
    check: flag('read every metadata image back, and those of sheet.png, and compare them with their rows'),
    ...maxDecodedOption,
    out: optional('folder to write into', 'results/runs/<run id>'),
  },
  run: async (given) => {
    const { data, encoder, target, map, count, size, seed, valFraction, copies, undated, out } = given;
    const extra = given.extra === undefined ? {} : { extra: parseExtra(given.extra) };
    checkedEncoder(encoder, size, given.extra !== undefined);
    const job = { count, data, target, map, seed, valFraction, copies, undated, encoder, size, ...extra };
    const { pairsFolder, pairsSummaryIn, writePairsFolder } = await import('../src/data/pairs/make.ts');
    const folder = out ?? pairsFolder(job);
    const summary =
      ((given.describe || given.check) && (await pairsSummaryIn(folder))) ||
      (await writePairsFolder(folder, job));
    const check = given.check ? await checked(folder, job) : null;
    const lines = [given.describe ? table(summary) : report(folder, summary, job), ...(check?.lines ?? [])];
    return {
      json: { out: folder, ...summary, ...(check && { check: check.found }) },
      text: lines.join('\n'),
    };
  },
});
export default pairsCommand;

async function checked(folder: string, job: PairsJob) {
  const { checkPairs } = await import('../src/data/pairs/check.ts');
  const found = await checkPairs(folder, job);
  const { pairs, sheet, encoder, size } = found;
  const what = `${pairs} metadata images (${encoder}, ${size}x${size}) and ${sheet} of sheet.png`;
  return { found, lines: [`read back: ${what}, each says what its row does`] };
}

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, n]) => `${name} ${n}`)
    .join(', ');

function report(
  folder: string,
  { count, sets, splits, sources, skipped, faults = [] }: PairsSummary,
  { encoder, target, map, size, seed }: PairsJob,
): string {
  // The manifest holds dates and targets, but not these options.
  const again = { encoder, target, map, size, seed };
  const options = Object.entries(again).filter(
    ([name, value]) => value !== train[name as keyof typeof again],
  );
  return [
    `${count} pairs: ${listed(splits)}; images: ${listed(sets)}; dates: ${listed(sources)}`,
    `not taken: ${listed({ 'without a date': skipped.withoutDate, 'outside 1990-2039': skipped.outsideSpan, 'same date as another': skipped.sameDate, damaged: skipped.damaged })}`,
    ...faults.map((fault) => `damaged: ${fault}`),
    ...(skipped.damaged > faults.length
      ? [`... ${skipped.damaged - faults.length} more damaged; images.jsonl of the run has all`]
      : []),
    `written: ${join(folder, 'pairs.csv')}, pairs.json, sheet.png`,
    `next: ${['medchaos train --net resnet18', ...options.map(([name, value]) => `--${name} ${value}`), '--pairs', join(folder, 'pairs.csv')].join(' ')}`,
  ].join('\n');
}

function table({ count, groups, targets }: PairsSummary): string {
  const range = ([least, greatest]: readonly [number, number]): string =>
    `${least.toFixed(4)}-${greatest.toFixed(4)}`;
  const row = ({ set, dateSource, split, count: n, targets: ranges }: PairGroup): string =>
    `${set.padEnd(10)} ${dateSource.padEnd(26)} ${split.padEnd(6)} ${String(n).padStart(8)}  ${ranges.map(range).join('  ')}`;
  return [
    `${'set'.padEnd(10)} ${'source of date'.padEnd(26)} split     pairs  range of each target`,
    ...groups.map(row),
    ...Object.entries(targets).map(
      ([name, d]) =>
        `${name}: mean ${d.mean.toFixed(4)}, sd ${d.std.toFixed(4)}, median ${d.median.toFixed(4)}, from ${d.min.toFixed(6)} to ${d.max.toFixed(6)}`,
    ),
    `${count} pairs`,
  ].join('\n');
}
