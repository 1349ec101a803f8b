/** `medchaos pairs`: the pairs that networks are trained on, as a table to look at. */
import { join } from 'node:path';
import { checkedEncoder, type EncoderName, encoderNames } from '../src/data/encode.ts';
import type { PairOptions } from '../src/data/pairs.ts';
import type { PairsSummary } from '../src/data/pairs-table.ts';
import { targetNames } from '../src/data/target.ts';
import { defaultRuns, runId } from '../src/run/run-folder.ts';
import { writeWhole } from '../src/shared/files.ts';
import type { Command } from './_command.ts';
import { once, text } from './_options.ts';

interface Options extends PairOptions {
  encoder: EncoderName;
  size: number;
  out?: string;
}

const number = (name: string, preset: number, describe: string) =>
  ({ type: 'number', requiresArg: true, default: preset, describe, coerce: once(name) }) as const;
const choice = <const Name extends string>(name: string, choices: readonly Name[], describe: string) =>
  ({ choices, requiresArg: true, default: choices[0]!, describe, coerce: once(name) }) as const;

const command: Command<Options> = {
  command: 'pairs',
  describe: 'pair dates (of images, or synthetic) with targets: pairs.csv, pairs.json, sheet.png',
  builder: (yargs) =>
    yargs.options({
      data: text(
        'data',
        'folder with nih, drive, pneumonia, brain-mri, or of any images (default: synthetic dates)',
      ),
      encoder: choice('encoder', encoderNames, 'how a date is drawn'),
      target: choice('target', targetNames, 'what is predicted from it'),
      map: choice('map', ['lorenz', 'logistic'], 'chaotic map: three target values, or one'),
      count: number('count', 1000, 'pairs in all; synthetic dates fill up'),
      size: number('size', 224, 'side of the metadata images on the sheet'),
      seed: number('seed', 1, 'seed of synthetic dates, splits and target random'),
      'val-fraction': number('val-fraction', 0.1, 'share of the groups in val, and again in test'),
      copies: choice('copies', ['bytes', 'pixels'], 'equal files, or equal pixels too, stay in one split'),
      out: text('out', 'folder to write into (default: results/runs/<run id>)'),
    }) as never,
  run: async ({ data, encoder, target, map, count, size, seed, valFraction, copies, out }) => {
    const options = { count, data, target, map, seed, valFraction, copies };
    const folder = out ?? join(defaultRuns, runId('pairs', { ...options, encoder, size }, seed));
    const summary = await write(folder, options, encoder, size);
    return { json: { out: folder, ...summary }, text: report(folder, summary) };
  },
};
export default command;

async function write(folder: string, options: PairOptions, encoder: EncoderName, size: number) {
  const { buildPairs } = await import('../src/data/pairs.ts');
  const { pairsTable, summarise, writePairs } = await import('../src/data/pairs-table.ts');
  const { encodePng } = await import('../src/data/png.ts');
  const { contactSheet } = await import('../src/data/sheet.ts');
  checkedEncoder(encoder, size);
  const pairs = await buildPairs(options);
  const table = await pairsTable(pairs);
  const summary = await summarise(table, pairs, { ...options, encoder, size });
  await writePairs(folder, table, summary);
  const dates = pairs.pairs.map(({ when }) => when);
  await writeWhole(join(folder, 'sheet.png'), await encodePng(contactSheet(dates, size, encoder)));
  return summary;
}

function report(folder: string, { count, splits, sources, groups, skipped }: PairsSummary): string {
  const listed = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, n]) => `${name} ${n}`)
      .join(', ');
  return [
    `${count} pairs: ${listed(splits)}; dates: ${listed(sources)}`,
    ...groups.map(
      ({ split, dateSource, count: n, target1Min, target1Max }) =>
        `  ${split.padEnd(5)} ${dateSource.padEnd(22)} ${String(n).padStart(7)}  target 1 from ${target1Min.toFixed(4)} to ${target1Max.toFixed(4)}`,
    ),
    `images not taken: ${listed({ 'without a date': skipped.withoutDate, 'outside 1990-2039': skipped.outsideSpan, 'same date as another': skipped.sameDate })}`,
    `written: ${join(folder, 'pairs.csv')}, pairs.json, sheet.png`,
    'next: medchaos train --net resnet18',
  ].join('\n');
}
