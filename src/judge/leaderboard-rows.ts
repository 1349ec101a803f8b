/** The rows of the leaderboard: what a judgement comes down to, their order, and the same rows as CSV and Markdown. */
import { stringify } from 'csv-stringify/sync';
import type { Standing } from '../cipher/index.ts';
import type { Environment } from '../engine/environment.ts';
import { seconds as secondsText } from '../tables/format.ts';
import { csvNumber } from '../tables/print.ts';
import type { Break, Judgement, VerdictName } from './judgement.ts';
import type { Level } from './levels.ts';

/** Of whom a row is. */
export interface Contestant {
  /** The scheme's name, and its map where that is a choice. */
  readonly id: string;
  /** null: no scheme of this toolkit. */
  readonly standing: Standing | null;
  readonly name: string;
}

export interface LeaderboardRow extends Contestant {
  readonly rank: number;
  readonly verdict: VerdictName;
  /** Attacks that broke it, the strongest first. */
  readonly brokenBy: readonly Pick<Break, 'attack' | 'queries' | 'seconds' | 'share' | 'finding'>[];
  /** Attacks that ran. */
  readonly attacks: number;
  readonly exact: boolean | null;
  readonly authenticated: boolean | null;
  readonly deterministic: boolean | null;
  readonly keyBits: number | null;
  /** One sample changed: means, percent. */
  readonly npcr: number | null;
  readonly uaci: number | null;
  /** Metrics that differ from an ideal cipher's, after Holm's correction. */
  readonly metricsOff: number | null;
  /** Whether NIST's tests take the cipher bits for random, and the smallest p. */
  readonly nist: boolean | null;
  readonly nistSmallestP: number | null;
  /** Of the largest picture. */
  readonly picture: string | null;
  readonly encryptSeconds: number | null;
  readonly timesAes: number | null;
}

/** leaderboard.json. */
export interface Leaderboard {
  readonly command: string;
  readonly level: Level;
  readonly seed: number;
  readonly environment: Environment;
  readonly rows: readonly LeaderboardRow[];
}

export const rowOf = (contestant: Contestant, judgement: Judgement): Omit<LeaderboardRow, 'rank'> => ({
  ...contestant,
  verdict: judgement.verdict,
  brokenBy: judgement.brokenBy.map(({ pictures, ...one }) => one),
  attacks: judgement.brokenBy.length + judgement.withstood.length,
  exact: judgement.exact,
  deterministic: judgement.deterministic,
  ...propertiesOf(judgement),
  ...statisticsOf(judgement),
});

const propertiesOf = ({ properties: { authenticated, differential, effectiveKeyBits } }: Judgement) => ({
  authenticated,
  keyBits: effectiveKeyBits,
  npcr: differential?.npcr[0] ?? null,
  uaci: differential?.uaci[0] ?? null,
});

function statisticsOf({ measured, nist, speed }: Judgement) {
  const bits = nist.find(({ of }) => of === 'cipher');
  const largest = speed?.rows.at(-1);
  return {
    metricsOff: measured?.off ?? null,
    nist: bits?.consistent ?? null,
    nistSmallestP: bits?.smallestP ?? null,
    picture: largest?.picture ?? null,
    encryptSeconds: largest?.encryptSeconds ?? null,
    timesAes: largest?.timesAes ?? null,
  };
}

const byVerdict: readonly VerdictName[] = ['holds', 'broken', 'inexact'];

/** What survives first; then what refuses changes, falls to fewer attacks or after more queries, and is faster. */
function compare(a: Omit<LeaderboardRow, 'rank'>, b: Omit<LeaderboardRow, 'rank'>): number {
  const last = Number.POSITIVE_INFINITY;
  return (
    byVerdict.indexOf(a.verdict) - byVerdict.indexOf(b.verdict) ||
    Number(b.authenticated === true) - Number(a.authenticated === true) ||
    a.brokenBy.length - b.brokenBy.length ||
    (b.brokenBy[0]?.queries ?? 0) - (a.brokenBy[0]?.queries ?? 0) ||
    (a.timesAes ?? last) - (b.timesAes ?? last)
  );
}

export const ranked = (rows: readonly Omit<LeaderboardRow, 'rank'>[]): LeaderboardRow[] =>
  rows.toSorted(compare).map((row, k) => ({ ...row, rank: k + 1 }));

type Cell = string | number | null;

/** `yes`, `no`, or nothing where it is unknown. */
const yes = (value: boolean | null): string | null => (value === null ? null : value ? 'yes' : 'no');

/** The columns of the CSV; the one that may need quotes stands last. */
const columns: Readonly<Record<string, (row: LeaderboardRow) => Cell>> = {
  rank: ({ rank }) => rank,
  cipher: ({ id }) => id,
  standing: ({ standing }) => standing,
  verdict: ({ verdict }) => verdict,
  broken_by: ({ brokenBy }) => brokenBy.map(({ attack }) => attack).join(' '),
  attacks_broke: ({ brokenBy }) => brokenBy.length,
  attacks_ran: ({ attacks }) => attacks,
  strongest_attack: ({ brokenBy }) => brokenBy[0]?.attack ?? null,
  queries: ({ brokenBy }) => brokenBy[0]?.queries ?? null,
  attack_s: ({ brokenBy }) => brokenBy[0]?.seconds ?? null,
  share: ({ brokenBy }) => brokenBy[0]?.share ?? null,
  exact: ({ exact }) => yes(exact),
  authenticated: ({ authenticated }) => yes(authenticated),
  deterministic: ({ deterministic }) => yes(deterministic),
  key_bits: ({ keyBits }) => keyBits,
  npcr: ({ npcr }) => npcr,
  uaci: ({ uaci }) => uaci,
  metrics_off: ({ metricsOff }) => metricsOff,
  nist_random: ({ nist }) => yes(nist),
  nist_smallest_p: ({ nistSmallestP }) => nistSmallestP,
  picture: ({ picture }) => picture,
  encrypt_s: ({ encryptSeconds }) => encryptSeconds,
  times_aes: ({ timesAes }) => timesAes,
  name: ({ name }) => name,
};

export const leaderboardCsv = (rows: readonly LeaderboardRow[]): string =>
  stringify([Object.keys(columns), ...rows.map((row) => Object.values(columns).map((cell) => cell(row)))], {
    record_delimiter: '\n',
    cast: { number: csvNumber },
  });

/** The columns that people read. */
export const shownColumns: Readonly<Record<string, (row: LeaderboardRow) => string>> = {
  cipher: ({ name }) => name,
  verdict: ({ verdict, brokenBy }) =>
    brokenBy.length > 0
      ? `${verdict} by ${brokenBy.length} attack${brokenBy.length === 1 ? '' : 's'}`
      : verdict,
  'strongest attack': ({ brokenBy: [first] }) =>
    first ? `${first.attack}, ${first.queries} ${first.queries === 1 ? 'query' : 'queries'}` : '–',
  'refuses changes': ({ authenticated }) => yes(authenticated) ?? '–',
  NPCR: ({ npcr }) => (npcr === null ? '–' : `${npcr.toFixed(2)} %`),
  NIST: ({ nist }) => (nist === null ? '–' : nist ? 'random' : 'not random'),
  time: ({ encryptSeconds }) => (encryptSeconds === null ? '–' : secondsText(encryptSeconds)),
};

/** A line for each row, without the head. */
export const markdownRows = (rows: readonly LeaderboardRow[]): string[] =>
  rows.map((row) => `| ${[row.rank, ...Object.values(shownColumns).map((cell) => cell(row))].join(' | ')} |`);

export const markdownTable = (rows: readonly LeaderboardRow[]): string => {
  const heads = ['', ...Object.keys(shownColumns)];
  return [`| ${heads.join(' | ')} |`, `|${heads.map(() => '---').join('|')}|`, ...markdownRows(rows)].join(
    '\n',
  );
};
