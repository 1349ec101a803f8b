/** The command `leaderboard`: judges every scheme of the registry alike, and writes table and page. */
import { join } from 'node:path';
import { defaultMap, type MapName, paperMaps } from '../chaos/maps.ts';
import { type SchemeName, schemeNamed, schemeNames } from '../cipher/index.ts';
import { environment } from '../engine/environment.ts';
import { defaultRuns } from '../runs/run-folder.ts';
import { InputError } from '../shared/errors.ts';
import { makeFolder, readInput, writeJson } from '../shared/files.ts';
import { writeTogether } from '../shared/write-together.ts';
import { schemeCipher } from './black-box/scheme.ts';
import { type JudgeJson, runJudge } from './judge-command.ts';
import { leaderboardPage } from './leaderboard-page.ts';
import {
  type Contestant,
  type Leaderboard,
  type LeaderboardRow,
  leaderboardCsv,
  markdownTable,
  ranked,
  rowOf,
} from './leaderboard-rows.ts';
import type { Level } from './levels.ts';

export interface LeaderboardOptions {
  readonly level: Level;
  readonly seed: number;
  /** Default: all. */
  readonly schemes?: readonly SchemeName[] | undefined;
  /** judge.json files of ciphers that are no schemes. */
  readonly also?: readonly string[] | undefined;
  readonly out: string;
  /** Folder of the judgements. */
  readonly runs?: string | undefined;
  /** Judges again what is judged already. */
  readonly force: boolean;
}

/** A scheme on trial; one keyed by parameters once for each map of the paper. */
interface Entry extends Contestant {
  readonly scheme: SchemeName;
  readonly map: MapName;
}

/** @throws InputError for a file of --also that is no judgement */
export async function runLeaderboard(options: LeaderboardOptions): Promise<Leaderboard> {
  const { level, seed, out, also = [] } = options;
  const guests = await Promise.all(also.map(readGuest));
  await makeFolder(out);
  const entries = (options.schemes ?? schemeNames()).flatMap(entriesOf);
  const rows: Omit<LeaderboardRow, 'rank'>[] = [...guests];
  for (const [k, entry] of entries.entries()) {
    process.stderr.write(`leaderboard: ${k + 1} of ${entries.length}, ${entry.id}\n`);
    rows.push(rowOf(contestantOf(entry), await judged(entry, options)));
  }
  const command = commandOf(options);
  const board = { command, level, seed, environment: environment(), rows: ranked(rows) };
  await writeBoard(out, board);
  return board;
}

const contestantOf = ({ id, name, standing }: Entry): Contestant => ({ id, name, standing });

function entriesOf(scheme: SchemeName): Entry[] {
  const { keyedBy, standing } = schemeNamed(scheme);
  const entry = (id: string, map: MapName): Entry => ({
    ...{ id, scheme, map, standing },
    name: schemeCipher({ scheme, map }).name,
  });
  if (keyedBy === 'secret') return [entry(scheme, defaultMap)];
  return paperMaps.map((map) => entry(`${scheme}-${map}`, map));
}

/** From its folder where it is finished; otherwise it goes on there. */
async function judged({ id, scheme, map }: Entry, options: LeaderboardOptions): Promise<JudgeJson> {
  const { level, seed, force, runs = defaultRuns } = options;
  const out = join(runs, `leaderboard-${level}-s${seed}`, id);
  const { judgement } = await runJudge({ scheme, map, format: 'png', timeout: 30, level, seed, force, out });
  return judgement;
}

async function readGuest(path: string): Promise<Omit<LeaderboardRow, 'rank'>> {
  const bytes = await readInput(path, 'judgement');
  try {
    const judgement = JSON.parse(bytes.toString('utf8')) as JudgeJson;
    return rowOf({ id: judgement.cipher, name: judgement.cipher, standing: null }, judgement);
  } catch {
    throw new InputError(
      `${path} expected a judge.json, got something else; make one with medchaos judge --out`,
    );
  }
}

const words = (flag: string, values: readonly string[] | undefined): string[] =>
  values ? [`--${flag}`, ...values] : [];

const commandOf = ({ level, seed, schemes, also }: LeaderboardOptions): string =>
  [
    'medchaos leaderboard',
    ...(level === 'quick' ? [] : ['--level', level]),
    ...(seed === 1 ? [] : ['--seed', String(seed)]),
    ...words('schemes', schemes),
    ...words('also', also),
  ].join(' ');

async function writeBoard(out: string, board: Leaderboard): Promise<void> {
  await writeTogether([
    { path: join(out, 'leaderboard.csv'), data: leaderboardCsv(board.rows) },
    { path: join(out, 'leaderboard.html'), data: leaderboardPage(board) },
    { path: join(out, 'README.md'), data: readme(board) },
  ]);
  await writeJson(join(out, 'leaderboard.json'), board);
}

const readme = ({
  command,
  level,
  rows,
  environment: { cpu, node, cores },
}: Leaderboard): string => `# Leaderboard

\`${command}\` writes this folder: every cipher of the registry (\`src/cipher/schemes.ts\`), judged alike at level ${level}.
"Holds" means: nothing that ran broke it; this is no proof of security. NPCR: one sample changed, ideal 99.61 %. Time: one
picture of ${rows[0]?.picture ?? '512x512'} on ${cpu}, ${cores} cores, Node ${node}.

${markdownTable(rows)}

\`leaderboard.csv\` and \`leaderboard.json\` have more columns; \`leaderboard.html\` sorts by a click and says how each was
broken.
`;
