/** Rows of the leaderboard, their order, the page that sorts, and the rows of the README. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { schemeNames } from '../../src/cipher/index.ts';
import { judge } from '../../src/judge/judge.ts';
import { emptyProperties, type Judgement } from '../../src/judge/judgement.ts';
import { runLeaderboard } from '../../src/judge/leaderboard.ts';
import { leaderboardPage } from '../../src/judge/leaderboard-page.ts';
import {
  type Leaderboard,
  leaderboardCsv,
  markdownRows,
  ranked,
  rowOf,
} from '../../src/judge/leaderboard-rows.ts';
import { InputError } from '../../src/shared/errors.ts';
import { writeJson } from '../../src/shared/files.ts';
import { accessibility, chromium, cutInPrint, launch, missing, open } from '../report/browser.ts';
import { brokenToys } from './_toys.ts';

const broken = (attack: string, queries: number) => ({
  ...{ attack, queries, seconds: 1, share: 1, finding: `by ${attack} <b>`, pictures: [] },
});
const judgement = (cipher: string, more: Partial<Judgement>): Judgement => ({
  ...{ cipher, verdict: 'holds', exact: true, deterministic: true, brokenBy: [], withstood: [] },
  ...{ properties: emptyProperties, notRun: [], measures: [], measured: null, nist: [], speed: null },
  ...{ exactness: null, remarks: [], level: 'quick', seed: 1, keyBytes: 32, shape: null },
  ...{ queries: 1, secondsEach: 0, seconds: 1, ...more },
});
const standing = 'published' as const;
const rows = ranked([
  rowOf({ id: 'fails', name: 'fails', standing }, judgement('fails', { verdict: 'inexact', exact: false })),
  rowOf(
    { id: 'two', name: 'two', standing },
    judgement('two', { verdict: 'broken', brokenBy: [broken('codebook', 300), broken('any-key', 1)] }),
  ),
  rowOf(
    { id: 'late', name: 'late', standing },
    judgement('late', { verdict: 'broken', brokenBy: [broken('few-keys', 400)] }),
  ),
  rowOf(
    { id: 'early', name: 'early', standing: 'reconstruction' },
    judgement('early', { verdict: 'broken', brokenBy: [broken('visible', 1)] }),
  ),
  rowOf({ id: 'open', name: 'open', standing }, judgement('open', {})),
  rowOf(
    { id: 'sealed', name: 'sealed', standing: 'standard' },
    judgement('sealed', { properties: { ...emptyProperties, authenticated: true } }),
  ),
]);

test('first what survives and refuses changes, then by attacks and queries, last what does not decrypt', () => {
  expect(rows.map(({ rank, id }) => `${rank} ${id}`)).toEqual([
    '1 sealed',
    '2 open',
    '3 late',
    '4 early',
    '5 two',
    '6 fails',
  ]);
});

test('CSV and Markdown', () => {
  const [head, first, , , fourth, fifth] = leaderboardCsv(rows).split('\n');
  expect(head).toMatch(/^rank,cipher,standing,verdict,broken_by,/);
  expect(first).toMatch(/^1,sealed,standard,holds,,0,0,,,,,yes,yes,/);
  expect(fourth).toMatch(/^4,early,reconstruction,broken,visible,1,1,visible,1,/);
  expect(fifth).toContain(',codebook any-key,2,2,codebook,300,1,1,');
  expect(markdownRows(rows)[3]).toBe('| 4 | early | broken by 1 attack | visible, 1 query | – | – | – | – |');
});

const board: Leaderboard = {
  command: 'medchaos leaderboard',
  level: 'quick',
  seed: 1,
  environment: { cpu: 'a <cpu>' },
  rows,
};

const root = mkdtempSync(join(tmpdir(), 'medchaos-board-'));
afterAll(() => rmSync(root, { recursive: true }));

describe.skipIf(!chromium)(`the page, in Chromium${missing}`, () => {
  test('a click on a head sorts, a second one turns the order', async () => {
    const path = join(root, 'board.html');
    writeFileSync(path, leaderboardPage(board));
    const browser = await launch();
    const { tab, complaints } = await open(browser, path);
    const ids = () => tab.locator('#leaderboard tbody td:nth-child(2)').allTextContents();
    expect((await ids())[0]).toBe('sealed');
    await tab.getByRole('button', { name: 'strongest attack' }).click();
    expect((await ids()).slice(0, 3)).toEqual(['early', 'two', 'late']);
    await tab.getByRole('button', { name: 'rank' }).click();
    await tab.getByRole('button', { name: 'rank' }).click();
    expect((await ids())[0]).toBe('fails');
    expect((await accessibility(tab)).violations).toEqual([]);
    expect(await cutInPrint(tab, 'table')).toEqual([]);
    expect(complaints).toEqual([]);
    await browser.close();
  });
});

describe('the command', () => {
  const options = { level: 'quick', seed: 1, schemes: [], force: false } as const;
  test('takes judgements of other ciphers, and refuses what is none', async () => {
    const [cipher] = brokenToys['xor with a keystream']!;
    const path = join(root, 'judge.json');
    await writeJson(path, await judge(cipher, { statistics: false }));
    const out = join(root, 'out');
    const { rows } = await runLeaderboard({ ...options, also: [path], out });
    expect(rows).toMatchObject([{ rank: 1, id: 'xor', standing: null, verdict: 'broken' }]);
    for (const name of ['leaderboard.csv', 'leaderboard.json', 'leaderboard.html', 'README.md'])
      expect(statSync(join(out, name)).size).toBeGreaterThan(100);
    await expect(runLeaderboard({ ...options, also: [join(out, 'leaderboard.csv')], out })).rejects.toThrow(
      InputError,
    );
  });
});

describe('the committed leaderboard', () => {
  const folder = 'results/reference/leaderboard';
  const committed = JSON.parse(readFileSync(join(folder, 'leaderboard.json'), 'utf8')) as Leaderboard;
  test('has every scheme, and its CSV and page are those of its JSON', () => {
    const names = committed.rows.map(({ id }) => id.replace(/-(logistic|lorenz)$/, ''));
    expect([...new Set(names)].sort()).toEqual([...schemeNames()].sort());
    expect(readFileSync(join(folder, 'leaderboard.csv'), 'utf8')).toBe(leaderboardCsv(committed.rows));
    expect(readFileSync(join(folder, 'leaderboard.html'), 'utf8')).toBe(leaderboardPage(committed));
  });
  test('the README shows its first rows', () => {
    const shown = readFileSync('README.md', 'utf8').split('\n');
    for (const row of markdownRows(committed.rows).slice(0, 5)) expect(shown).toContain(row);
  });
  test('a reconstruction is named as one', () => {
    for (const { name, standing } of committed.rows)
      expect(name.endsWith(', reconstruction')).toBe(standing === 'reconstruction');
  });
  test('standards hold, the paper falls', () => {
    const verdict = (id: string) => committed.rows.find((row) => row.id === id)!.verdict;
    expect(['aes-256-gcm', 'chacha20-poly1305'].map(verdict)).toEqual(['holds', 'holds']);
    expect(['paper-logistic', 'paper-lorenz', '2d-lasm'].map(verdict)).toEqual([
      'broken',
      'broken',
      'broken',
    ]);
  });
});
