/** `medchaos pairs`: the pairs that networks are trained on, as a manifest to look at. */

import { join } from 'node:path';
import { mapNames } from '../src/chaos/maps.ts';
import { extraNames, parseExtra } from '../src/data/metadata/extra.ts';
import { checkedEncoder, encoderNames } from '../src/data/pairs/encode.ts';
import type { PairsJob } from '../src/data/pairs/make.ts';
import type { PairGroup, PairsSummary } from '../src/data/pairs/pairs-summary.ts';
import { targetNames } from '../src/data/pairs/target.ts';
import type { Command } from './_command.ts';
import { maxDecodedOption, once, text } from './_options.ts';

interface Options extends PairsJob {
  out?: string;
  describe: boolean;
  check: boolean;
}

const number = (name: string, preset: number | undefined, describe: string) =>
  ({ type: 'number', requiresArg: true, default: preset, describe, coerce: once(name) }) as const;
const choice = <const Name extends string>(name: string, choices: readonly Name[], describe: string) =>
  ({ choices, requiresArg: true, default: choices[0]!, describe, coerce: once(name) }) as const;

const command: Command<Options> = {
  examples: [
    ['pairs --count 1000', 'dates without images'],
    ['pairs --data images --out pairs', 'a pair for each image of a folder'],
  ],
  builder: (yargs) =>
    yargs.options({
      data: text(
        'data',
        'folder with nih, drive, pneumonia, brain-mri, dicom, or of any images (default: dates without images)',
      ),
      encoder: choice('encoder', encoderNames, 'how a date is drawn'),
      target: choice('target', targetNames, 'what is predicted from it'),
      map: choice('map', mapNames, 'chaotic map: a target value for each of its parameters'),
      count: number(
        'count',
        undefined,
        'pairs in all, dates without images filling up (default: one an image; 1000 without --data)',
      ),
      size: number('size', 224, 'side of the metadata images on the sheet'),
      seed: number('seed', 1, 'seed of synthetic dates, splits and target random'),
      'val-fraction': number('val-fraction', 0.1, 'share of the groups in val, and again in test'),
      copies: choice(
        'copies',
        ['pixels', 'bytes', 'none'],
        'what stays in one split besides a patient: equal pixels, equal files only (faster), nothing',
      ),
      undated: choice(
        'undated',
        ['synthetic', 'skip'],
        'images without a date: give them one, or leave them out',
      ),
      extra: {
        type: 'string',
        requiresArg: true,
        describe: `what the metadata images show beside the date: ${extraNames.join(', ')}, or both with a comma (default: nothing)`,
        coerce: (value: string) => parseExtra(once('extra')(value)),
      },
      describe: {
        type: 'boolean',
        default: false,
        describe: 'print counts and target ranges by set, source of date and split',
      },
      check: {
        type: 'boolean',
        default: false,
        describe: 'read every metadata image back, and those of sheet.png: does each say what its row does?',
      },
      ...maxDecodedOption,
      out: text('out', 'folder to write into (default: results/runs/<run id>)'),
    }) as never,
  run: async (given) => {
    const { data, encoder, target, map, count, size, seed, valFraction, copies, undated, out } = given;
    checkedEncoder(encoder, size, given.extra !== undefined);
    const extra = given.extra && { extra: given.extra };
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
};
export default command;

/** What the command `train` takes unless told otherwise. */
const usual = { encoder: 'text', target: 'calendar', map: 'lorenz', size: 224, seed: 1 } as const;

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
  // What a training must be given again: the manifest holds dates and targets, not how they were made.
  const again = { encoder, target, map, size, seed };
  const options = Object.entries(again).filter(
    ([name, value]) => value !== usual[name as keyof typeof usual],
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
