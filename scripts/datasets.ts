/** `medchaos datasets list | fetch`: the data sets, their terms, what of them is there, and getting them. */
import type { FetchResult } from '../src/data/fetch.ts';
import type { Dataset } from '../src/data/lock.ts';
import type { Presence } from '../src/data/presence.ts';
import { InputError } from '../src/shared/errors.ts';
import type { Command, CommandResult } from './_command.ts';
import { once, text } from './_options.ts';

const actions = ['list', 'fetch'] as const;

interface Options {
  action: (typeof actions)[number];
  data: string;
  only?: string;
  parts?: string;
  limit?: number;
  mirror?: string;
}

const command: Command<Options> = {
  command: 'datasets <action>',
  describe: 'list the data sets (sizes, licences, what is present), or fetch them',
  builder: (yargs) =>
    yargs.positional('action', { choices: actions, demandOption: true, describe: 'what to do' }).options({
      data: { ...text('data', 'folder with nih, drive, pneumonia, brain-mri'), default: 'data' },
      only: text('only', 'sets to take, as in nih,pneumonia (default: all)'),
      parts: text('parts', 'image archives of nih to fetch, as in 1,2 (default: all 12)'),
      limit: {
        type: 'number',
        requiresArg: true,
        describe: 'images per set to fetch at most: the first archives that hold them (default: all)',
        coerce: once('limit'),
      },
      mirror: text('mirror', 'fetch ADDRESS/SET/FILE from a copy of your own (default: the publishers)'),
    }) as never,
  run: (options) => runs[options.action](options),
};
export default command;

const runs: Readonly<Record<Options['action'], (options: Options) => Promise<CommandResult>>> = {
  list,
  fetch,
};

async function list({ data, ...options }: Options): Promise<CommandResult> {
  refuse('list', options, ['parts', 'limit', 'mirror']);
  const { existsSync } = await import('node:fs');
  const { readLock } = await import('../src/data/lock.ts');
  const { parseOnly } = await import('../src/data/plan.ts');
  const { absentDatasets, findDatasets } = await import('../src/data/presence.ts');
  const only = options.only === undefined ? null : parseOnly(options.only);
  // The default folder need not be there yet; one that was asked for must be.
  const present = data === 'data' && !existsSync(data) ? absentDatasets(data) : await findDatasets(data);
  const sets = readLock()
    .datasets.filter(({ id }) => !only || only.includes(id))
    .map((set) => ({ ...set, ...present.find(({ id }) => id === set.id)! }));
  return { json: { data, datasets: sets.map(entry) }, text: sets.map(paragraph).join('\n\n') };
}

async function fetch(options: Options): Promise<CommandResult> {
  const { fetchDatasets } = await import('../src/data/fetch.ts');
  const { parseOnly, parseParts } = await import('../src/data/plan.ts');
  const { transferBar } = await import('../src/data/transfer.ts');
  const { data, limit, mirror } = options;
  const only = options.only === undefined ? undefined : parseOnly(options.only);
  const parts = options.parts === undefined ? undefined : parseParts(options.parts);
  const result = await fetchDatasets({
    ...{ data, limit, mirror, only, parts },
    progress: (expected) => transferBar('fetch', expected),
  });
  // DRIVE among all sets is only mentioned; asked for by name, it was not fetched.
  const undone = result.failed.length > 0 || (only !== undefined && result.byHand.length > 0);
  return { json: { data, ...result }, text: fetchText(result, data), exitCode: undone ? 1 : 0 };
}

function fetchText({ fetched, failed, byHand }: FetchResult, data: string): string {
  const only = [...new Set([...fetched, ...failed].map(({ set }) => set))].join(',');
  return [
    ...fetched.map(({ set, file, bytes, kept, images }) => {
      const how = kept === bytes ? 'was there' : kept > 0 ? `${bytes - kept} bytes more` : 'fetched';
      return `${set}/${file}: ${bytes} bytes, ${how}${images === null ? '' : `; ${images} images extracted`}`;
    }),
    ...failed.map(({ set, file, reason }) => `${set}/${file}: failed: ${reason}`),
    ...byHand.map((one) => one.instruction),
    failed.length > 0
      ? `next: medchaos datasets fetch --only ${only} --data ${data} goes on where this one stopped`
      : `next: medchaos datasets list --data ${data}`,
  ].join('\n');
}

/** An option that an action does not take would be silently ignored. */
function refuse(action: string, options: object, names: readonly string[]): void {
  for (const name of names)
    if ((options as Record<string, unknown>)[name] !== undefined)
      throw new InputError(`--${name} expected with another action than ${action}; leave it out`);
}

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
