/** `medchaos datasets list`: the four data sets, their terms, and what of them is there. */
import type { Dataset } from '../src/data/lock.ts';
import type { Presence } from '../src/data/presence.ts';
import type { Command } from './_command.ts';
import { text } from './_options.ts';

interface Options {
  action: 'list';
  data: string;
}

const command: Command<Options> = {
  command: 'datasets <action>',
  describe: 'list the data sets: sizes, licences, what is present',
  builder: (yargs) =>
    yargs
      .positional('action', { choices: ['list'] as const, demandOption: true, describe: 'what to do' })
      .options({
        data: { ...text('data', 'folder with nih, drive, pneumonia, brain-mri'), default: 'data' },
      }) as never,
  run: async ({ data }) => {
    const { existsSync } = await import('node:fs');
    const { readLock } = await import('../src/data/lock.ts');
    const { absentDatasets, findDatasets } = await import('../src/data/presence.ts');
    // The default folder need not be there yet; one that was asked for must be.
    const present = data === 'data' && !existsSync(data) ? absentDatasets(data) : await findDatasets(data);
    const sets = readLock().datasets.map((set) => ({ ...set, ...present.find(({ id }) => id === set.id)! }));
    return { json: { data, datasets: sets.map(entry) }, text: sets.map(paragraph).join('\n\n') };
  },
};
export default command;

type Listed = Dataset & Presence;

/** What a download takes; the other sources of an archive do not count. */
const needed = ({ archives }: Dataset) => archives.filter(({ alternativeTo }) => alternativeTo === null);

const bytesOf = (set: Dataset): number | null => {
  const sizes = needed(set).map(({ bytes }) => bytes);
  return sizes.includes(null) ? null : sizes.reduce<number>((sum, bytes) => sum + bytes!, 0);
};

const entry = (set: Listed) => ({
  id: set.id,
  title: set.title,
  folder: set.folder,
  state: set.state,
  found: set.found,
  expected: set.expected,
  archives: needed(set).length,
  bytes: bytesOf(set),
  version: set.version,
  licence: set.licence,
  landing: set.landing,
  citation: set.citation,
  dates: set.dates,
});

function paragraph(set: Listed): string {
  const bytes = bytesOf(set);
  const size = bytes === null ? 'size not known' : `${(bytes / 1e9).toFixed(2)} GB`;
  const splits = Object.entries(set.splits).map(([name, n]) => `${name} ${n}`);
  return [
    `${set.id}: ${set.title}`,
    `  ${set.state}: ${set.found} of ${set.expected} images in ${set.folder}`,
    `  ${needed(set).length} file(s) to download, ${size}; splits: ${splits.join(', ')}`,
    `  licence: ${set.licence.id ?? set.licence.text} (${set.licence.mark}); redistribution: ${set.licence.redistribution}`,
    `  dates: ${set.dates}`,
    `  from: ${set.landing}`,
  ].join('\n');
}
