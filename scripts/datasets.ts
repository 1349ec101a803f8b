/** `medchaos datasets list | fetch | verify | import`: the data sets, their terms, getting and checking them. */
import { join } from 'node:path';
import type { FetchResult } from '../src/data/datasets/fetch.ts';
import type { ImportedFile } from '../src/data/datasets/import.ts';
import type { Dataset } from '../src/data/datasets/lock.ts';
import type { Presence } from '../src/data/datasets/presence.ts';
import type { VerifiedSet } from '../src/data/datasets/verify.ts';
import { InputError } from '../src/shared/errors.ts';
import { option, type ValuesOf } from '../src/shared/option.ts';
import { oneOf, z } from '../src/shared/schema.ts';
import { type CommandResult, command } from './_command.ts';
import { optional, text } from './_options.ts';

const actions = { list, fetch, verify, import: importFiles };
const actionNames = Object.keys(actions) as (keyof typeof actions)[];

const options = {
  data: option(text, { default: 'data', help: 'folder with nih, drive, pneumonia, brain-mri' }),
  only: optional('sets to take, as in nih,pneumonia', 'all'),
  parts: optional('image archives of nih to fetch, as in 1,2', 'all 12'),
  limit: option(z.number(), {
    unset: 'all',
    help: 'images per set to fetch at most: the first archives that hold them',
  }),
  mirror: optional('fetch ADDRESS/SET/FILE from a copy of your own', 'the publishers'),
};
interface Options extends ValuesOf<typeof options> {
  readonly action: keyof typeof actions;
  readonly names?: readonly string[] | undefined;
}

const datasetsCommand = command({
  examples: [
    ['datasets list', 'sizes, licences, presence'],
    ['datasets fetch --only pneumonia', 'one set'],
  ],
  positionals: {
    action: option(oneOf(actionNames), { required: true, help: 'list, fetch, verify, or import archives' }),
    names: option(z.array(text), { help: 'import: a set and its archives' }),
  },
  options,
  run: async (options) => {
    refuseOthers(options);
    return actions[options.action](options);
  },
});
export default datasetsCommand;

/** What each action takes besides --data: anything else would be silently ignored. */
const takes: Readonly<Record<Options['action'], readonly (keyof Options)[]>> = {
  list: ['only'],
  fetch: ['only', 'parts', 'limit', 'mirror'],
  verify: ['only'],
  import: ['names'],
};

function refuseOthers(options: Options): void {
  const { action } = options;
  for (const name of ['only', 'parts', 'limit', 'mirror'] as const)
    if (options[name] !== undefined && !takes[action].includes(name))
      throw new InputError(`--${name} expected with another action than ${action}; leave it out`);
  const [first] = options.names ?? [];
  if (first !== undefined && action !== 'import')
    throw new InputError(`"${action}" expected no file names, got ${first}; choose sets with --only`);
}

const onlyOf = async ({ only }: Options) =>
  only === undefined ? undefined : (await import('../src/data/datasets/plan.ts')).parseOnly(only);

const barOf = async (title: string) => {
  const { transferBar } = await import('../src/data/datasets/transfer.ts');
  return (expected: ReadonlyMap<string, number>) => transferBar(title, expected);
};

async function list(options: Options): Promise<CommandResult> {
  const { data } = options;
  const { existsSync } = await import('node:fs');
  const { readLock } = await import('../src/data/datasets/lock.ts');
  const { absentDatasets, findDatasets } = await import('../src/data/datasets/presence.ts');
  const only = await onlyOf(options);
  // The default folder need not be there yet; one that was asked for must be.
  const present = data === 'data' && !existsSync(data) ? absentDatasets(data) : await findDatasets(data);
  const sets = readLock()
    .datasets.filter(({ id }) => !only || only.includes(id))
    .map((set) => ({ ...set, ...present.find(({ id }) => id === set.id)! }));
  return { json: { data, datasets: sets.map(entry) }, text: sets.map(paragraph).join('\n\n') };
}

async function fetch(options: Options): Promise<CommandResult> {
  const { fetchDatasets } = await import('../src/data/datasets/fetch.ts');
  const { parseParts } = await import('../src/data/datasets/plan.ts');
  const { data, limit, mirror } = options;
  const only = await onlyOf(options);
  const parts = options.parts === undefined ? undefined : parseParts(options.parts);
  const progress = await barOf('fetch');
  const result = await fetchDatasets({ data, limit, mirror, only, parts, progress });
  // DRIVE among all sets is only mentioned; asked for by name, it was not fetched.
  const undone = result.failed.length > 0 || (only !== undefined && result.byHand.length > 0);
  return { json: { data, ...result }, text: fetchText(result, options), exitCode: undone ? 1 : 0 };
}

function fetchText({ fetched, failed, byHand, unpacked }: FetchResult, options: Options): string {
  const { data } = options;
  return [
    ...fetched.map(({ set, file, bytes, kept, images }) => {
      const how = kept === bytes ? 'was there' : kept > 0 ? `${bytes - kept} bytes more` : 'fetched';
      return `${set}/${file}: ${bytes} bytes, ${how}${images === null ? '' : `; ${images} images extracted`}`;
    }),
    ...failed.map(({ set, file, reason }) => `${set}/${file}: failed: ${reason}`),
    ...unpacked.map(
      (set) => `${set}: all images are there; to compare them: medchaos datasets verify --only ${set}`,
    ),
    ...byHand.map((one) => one.instruction),
    failed.length > 0
      ? `next: ${againOf(options)} goes on where this one stopped`
      : `next: medchaos datasets list --data ${data}`,
  ].join('\n');
}

/** The command as it was given: without --parts or --limit it would fetch all. */
const againOf = (options: Options): string =>
  [
    'medchaos datasets fetch',
    ...takes.fetch.flatMap((name) => (options[name] === undefined ? [] : [`--${name} ${options[name]}`])),
    `--data ${options.data}`,
  ].join(' ');

async function verify(options: Options): Promise<CommandResult> {
  const { verifyDatasets } = await import('../src/data/datasets/verify.ts');
  const { data } = options;
  const only = await onlyOf(options);
  const sets = await verifyDatasets({ data, only, progress: await barOf('verify') });
  // A set that is not there at all is no fault, unless it was asked for.
  const wrong = sets.some(({ state }) => state === 'bad' || (only !== undefined && state === 'absent'));
  return {
    json: { data, sets },
    text: sets.map((one) => verifyText(one, data)).join('\n'),
    exitCode: wrong ? 1 : 0,
  };
}

/** Paths shown of each kind; --json has them all. */
const shown = 10;

function verifyText(verified: VerifiedSet, data: string): string {
  const { set, state, checked, unknown, missing, damaged, extra } = verified;
  const kinds = { missing, damaged, extra };
  const lines = Object.entries(kinds).flatMap(([kind, paths]) => {
    const more =
      paths.length > shown ? [`  ... ${paths.length - shown} more ${kind}; --json prints all`] : [];
    return [...paths.slice(0, shown).map((path) => `  ${kind}: ${path}`), ...more];
  });
  const counts = `${missing.length} missing, ${damaged.length} damaged, ${extra.length} extra`;
  const unhashed = unknown > 0 ? `, ${unknown} images without a known hash` : '';
  return [
    `${set}: ${state}; ${checked} files compared${unhashed}; ${counts}`,
    ...lines,
    ...remedy(verified, data),
  ].join('\n');
}

function remedy({ set, state, damaged, lists }: VerifiedSet, data: string): string[] {
  if (state !== 'bad') return [];
  const again = set === 'drive' ? 'import drive training.zip test.zip' : `fetch --only ${set}`;
  const files = [
    ...(damaged.length > 0 ? ['the damaged files'] : []),
    ...lists.map((list) => join(data, set, list)),
  ];
  const first = files.length > 0 ? `delete ${files.join(' and ')}, then ` : '';
  return [`  remedy: ${first}run: medchaos datasets ${again} --data ${data}`];
}

async function importFiles({ data, names = [] }: Options): Promise<CommandResult> {
  const { importArchives } = await import('../src/data/datasets/import.ts');
  const [set = 'none', ...files] = names;
  const imported = await importArchives({ data, set, files, progress: await barOf('read') });
  const text = [
    ...imported.map(importText),
    `next: medchaos datasets verify --only ${set} --data ${data}`,
  ].join('\n');
  return { json: { data, set, imported }, text };
}

const importText = ({ path, file, images, warning }: ImportedFile): string => {
  const what = images === null ? 'copied' : `${images} images extracted`;
  return `${path}: ${file}, ${what}${warning === null ? '' : `\n  note: ${warning}`}`;
};

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
