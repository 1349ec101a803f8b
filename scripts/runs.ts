/** `runs list | show | compare | rm | keep`: the runs of this checkout. */
import { existsSync } from 'node:fs';
import { readRun, runKinds } from '../src/runs/find-run.ts';
import { readRunJson } from '../src/runs/run-files.ts';
import { defaultRuns } from '../src/runs/run-folder.ts';
import { InputError } from '../src/shared/errors.ts';
import { option, type ValuesOf } from '../src/shared/option.ts';
import { oneOf, z } from '../src/shared/schema.ts';
import { chooseRuns, runSorts, sortRuns } from '../src/tools/choose-runs.ts';
import { compareRuns } from '../src/tools/compare-runs.ts';
import { entryOf, listRuns, type RunEntry, runStates } from '../src/tools/list-runs.ts';
import { keepRun, removeRuns } from '../src/tools/remove-runs.ts';
import { comparisonText, runsText } from '../src/tools/runs-text.ts';
import { type CommandResult, command } from './_command.ts';
import { flag, optional, text } from './_options.ts';

const options = {
  in: option(text, { default: defaultRuns, help: 'folder of the runs' }),
  kind: option(oneOf(runKinds), { help: 'only runs of this kind' }),
  state: option(oneOf(runStates), { help: 'only runs in this state' }),
  match: optional('only runs with this text in their id'),
  older: optional('only runs that did not change for this long: 12h, 30d, 4w'),
  sort: option(oneOf(runSorts), { default: 'changed', help: 'order of the list' }),
  failed: flag('short for --state failed'),
  dryRun: flag('rm: list the runs, remove nothing'),
  off: flag('keep: let rm remove them again'),
};
interface Options extends ValuesOf<typeof options> {
  readonly action: Action;
  readonly names: readonly string[];
}

const acts = {
  list: async (options: Options) => {
    const entries = sortRuns(await chosen(options), options.sort);
    return { json: { runs: entries }, text: runsText(entries, options.in) };
  },
  show: async (options: Options) => {
    const [run] = await named(options, 1, 1);
    const entry = await entryOf(run!);
    const environment = await readRunJson(run!.folder, 'environment').catch(() => null);
    const json = { ...entry, config: run!.config, environment };
    return { json, text: `${runsText([entry], options.in)}\n${JSON.stringify(run!.config, null, 2)}` };
  },
  compare: async (options: Options) => {
    const runs = await named(options, 2);
    const comparison = compareRuns(runs, await Promise.all(runs.map(entryOf)));
    return { json: comparison, text: comparisonText(comparison) };
  },
  rm: async (options: Options) => {
    const byName = options.names.length > 0;
    if (!byName && !isFiltered(options))
      throw new InputError('runs rm expected run ids, or --failed, --state, --kind, --match or --older');
    const entries = byName
      ? await Promise.all((await named(options, 1)).map(entryOf))
      : await chosen(options);
    const { removed, left } = await removeRuns(entries, { dryRun: options.dryRun, named: byName });
    const head = options.dryRun ? 'would be removed:' : 'removed:';
    const lines = [head, runsText(removed, options.in), ...left.map(({ id, why }) => `left: ${id}: ${why}`)];
    return { json: { dryRun: options.dryRun, removed, left }, text: lines.join('\n') };
  },
  keep: async (options: Options) => {
    const entries = await Promise.all((await named(options, 1)).map(entryOf));
    for (const entry of entries) await keepRun(entry, !options.off);
    const after = await Promise.all((await named(options, 1)).map(entryOf));
    return { json: { runs: after }, text: runsText(after, options.in) };
  },
} satisfies Record<string, (options: Options) => Promise<CommandResult>>;
type Action = 'list' | 'show' | 'compare' | 'rm' | 'keep';
const actions = Object.keys(acts) as Action[];

const runsCommand = command({
  examples: [
    ['runs list --kind training --sort r2', 'trainings, the best first'],
    ['runs compare RUN RUN', 'the options in which two runs differ, and their results'],
    ['runs rm --failed --older 30d --dry-run', 'the failed runs of more than 30 days ago'],
  ],
  positionals: {
    action: option(oneOf(actions), { required: true, help: 'list, show, compare, remove or keep' }),
    names: option(z.array(text), {
      default: [],
      help: 'run ids or folders: one for show, two or more for compare, any for rm and keep',
    }),
  },
  options,
  run: (values) => acts[values.action](values),
});
export default runsCommand;

const isFiltered = ({ kind, state, match, older, failed }: Options): boolean =>
  failed || [kind, state, match, older].some((each) => each !== undefined);

async function chosen(options: Options): Promise<RunEntry[]> {
  const { kind, match, older, failed } = options;
  if (options.names.length > 0) throw new InputError(`runs ${options.action} takes no run ids; use --match`);
  if (options.in !== defaultRuns && !existsSync(options.in))
    throw new InputError(
      `--in expected a folder of runs, got ${options.in}, which is not there; check the path`,
    );
  const state = failed ? 'failed' : options.state;
  const before = older === undefined ? undefined : timeBefore(older, Date.now());
  return chooseRuns(await listRuns(options.in), { kind, state, match, before });
}

async function named({ names, action, in: root }: Options, least: number, most = Number.POSITIVE_INFINITY) {
  if (names.length < least || names.length > most)
    throw new InputError(
      `runs ${action} expected ${least === most ? '' : 'at least '}${least} run id${least === 1 ? '' : 's'}, got ${names.length}`,
    );
  return Promise.all(names.map((name) => readRun(name, root)));
}

const units = { h: 3600e3, d: 86400e3, w: 7 * 86400e3 } as const;

/** The time so long before `now`. @param age `12h`, `30d`, `4w` @param now in ms */
function timeBefore(age: string, now: number): string {
  const [, count, unit] = /^(\d+)([hdw])$/.exec(age) ?? [];
  if (count === undefined)
    throw new InputError(`expected an age such as 12h, 30d or 4w, got ${JSON.stringify(age)}`);
  return new Date(now - Number(count) * units[unit as keyof typeof units]).toISOString();
}
