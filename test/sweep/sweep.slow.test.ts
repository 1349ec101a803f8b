/** Whole sweeps by the command, over a work that succeeds, throws, crashes, hangs or eats memory on request. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { medchaos } from '../commands/_cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-sweep-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Leaves a line in `starts.txt` each time that it runs. */
const work = `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
export default {
  defaults: { mode: 'ok', factor: 1, seed: 1 },
  async run({ mode, factor, seed }, folder) {
    appendFileSync(join(folder, '..', 'starts.txt'), mode + ' ' + factor + ' ' + seed + '\\n');
    appendFileSync(join(folder, '..', 'processes.txt'), process.pid + '\\n');
    if (mode === 'throw') throw new Error('the orbit left the plane');
    if (mode === 'crash') process.abort();
    if (mode === 'hang') await new Promise((done) => setTimeout(done, 1e6));
    if (mode === 'memory') for (const kept = []; ; ) kept.push(new Float64Array(1e6).fill(1));
    if (mode === 'once' && !existsSync(join(folder, 'tried'))) {
      writeFileSync(join(folder, 'tried'), '');
      throw new Error('not the first time');
    }
    return { value: factor * seed, none: null };
  },
};`;
writeFileSync(join(dir, 'work.ts'), work);
writeFileSync(join(dir, 'package.json'), '{"type":"module"}'); // as in a checkout

let files = 0;
function sweepFile(sweep: object): string {
  const path = join(dir, `sweep-${files++}.ts`);
  const whole = { question: 'Does it hold?', work: './work.ts', seeds: [1], ...sweep };
  writeFileSync(path, `export default ${JSON.stringify(whole)};\n`);
  return path;
}

const run = (file: string, ...options: string[]) => medchaos(['sweep', file, ...options], dir);
const startsIn = (out: string): string[] =>
  readFileSync(join(out, 'starts.txt'), 'utf8').trim().split('\n').sort();
const json = ({ stdout }: { stdout: string }) => JSON.parse(stdout);

test('one process takes many cells: one that crashes or hangs ends alone, and the next process takes the rest', () => {
  const file = sweepFile({
    name: 'turns',
    grid: { mode: ['throw', 'crash', 'hang', 'ok'], factor: [1] },
    variants: [{ mode: 'ok', factor: 2 }],
  });
  const out = join(dir, 'turns');
  const first = run(file, '--out', out, '--per-task', '9', '--time-limit', '6', '--json');
  const { done, failed } = json(first) as { done: number; failed: { id: string; reason: string }[] };
  expect([first.code, done, failed.length]).toEqual([1, 2, 3]);
  expect(failed.map(({ reason }) => reason.slice(0, 20)).sort()).toEqual([
    'crashed with SIGABRT',
    'still running after ',
    'the orbit left the p',
  ]);
  const starts = readFileSync(join(out, 'starts.txt'), 'utf8').trim().split('\n');
  expect(starts).toHaveLength(5);
  const processes = readFileSync(join(out, 'processes.txt'), 'utf8').trim().split('\n');
  expect(new Set(processes).size).toBe(3); // another one after the crash, and after the hang
}, 60_000);

test('cells that throw, crash or eat memory are listed; the others are done, and never run again', () => {
  const file = sweepFile({ name: 'faults', grid: { mode: ['ok', 'throw', 'crash', 'memory'] } });
  const out = join(dir, 'faults');
  const first = run(file, '--out', out, '--jobs', '2', '--memory', '600', '--json');
  expect(first.code).toBe(1);
  const { done, failed } = json(first) as { done: number; failed: { id: string; reason: string }[] };
  expect(done).toBe(1);
  const reasons = failed.map(({ reason }) => reason).join('\n');
  expect(failed).toHaveLength(3);
  expect(reasons).toMatch(/^the orbit left the plane$/m);
  expect(reasons).toMatch(/^crashed with SIGABRT/m);
  expect(reasons).toMatch(/^ran out of memory \(600 MiB\); raise --memory/m);
  const page = readFileSync(join(out, 'README.md'), 'utf8');
  for (const { id, reason } of failed) expect(page).toContain(`- \`${id}\`: ${reason}`);

  const again = run(
    sweepFile({ name: 'faults', grid: { mode: ['ok', 'throw'] }, seeds: [1, 2] }),
    '--out',
    out,
    '--results',
    join(dir, 'published'),
  );
  expect(again.code).toBe(1);
  expect(again.stdout).toMatch(/4 cells: 2 done \(1 before\), 2 failed/);
  expect(startsIn(out).filter((line) => line === 'ok 1 1')).toHaveLength(1);
  expect(startsIn(out).filter((line) => line === 'throw 1 1')).toHaveLength(2);
  expect(readdirSync(join(dir, 'published')).sort()).toEqual([
    'README.md',
    'cells.csv',
    'env.json',
    'variants.csv',
  ]);
});

// Alone in its sweep: on a busy machine the limit would stop the others too.
test('a cell that hangs is stopped at the time limit', () => {
  const file = sweepFile({ name: 'hang', grid: { mode: ['hang'] }, timeLimit: 2 });
  const stopped = run(file, '--out', join(dir, 'hang'), '--json');
  expect(stopped.code).toBe(1);
  expect(json(stopped)).toMatchObject({
    done: 0,
    failed: [{ reason: expect.stringMatching(/^still running after 2 s and stopped; raise --time-limit/) }],
  });
});

test('a cell that fails once is run again on request; its folder tells everything', () => {
  const out = join(dir, 'once');
  const { code, stdout } = run(
    sweepFile({ name: 'once', grid: { mode: ['once'] } }),
    '--out',
    out,
    '--retries',
    '1',
  );
  expect(code).toBe(0);
  expect(stdout).toContain('1 cells: 1 done');
  const folder = join(out, readdirSync(out).find((name) => name.startsWith('once-'))!);
  expect(JSON.parse(readFileSync(join(folder, 'status.json'), 'utf8'))).toEqual({ state: 'done' });
  expect(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')).measures).toEqual({
    value: 1,
    none: null,
  });
  expect(JSON.parse(readFileSync(join(folder, 'env.json'), 'utf8')).node).toBe(process.versions.node);
});

test('a sweep that is killed takes its cells with it and goes on where it was', async () => {
  const out = join(dir, 'killed');
  const file = sweepFile({ name: 'killed', grid: { mode: ['ok', 'hang'] } });
  const bin = fileURLToPath(new URL('../../bin/medchaos.js', import.meta.url));
  const child = spawn(process.execPath, [bin, 'sweep', file, '--out', out], { cwd: dir, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL')); // also where the test fails: its cell hangs for ever
  const ended = new Promise((resolve) => child.once('exit', resolve));
  while (!existsSync(join(out, 'starts.txt')) || startsIn(out).length < 2) await sleep(50);
  const second = run(file, '--out', out);
  expect(second.code).toBe(2);
  expect(second.stderr).toMatch(/expected no other sweep command at work, got process \d+/);
  child.kill('SIGKILL');
  await ended;
  const hanging = readdirSync(out).find((name) => existsSync(join(out, name, '.busy')))!;
  const pid = Number(readFileSync(join(out, hanging, '.busy'), 'utf8').split(' ')[0]);
  const lives = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (lives()) await sleep(50); // it notices that its parent is gone
  const resumed = run(file, '--out', out, '--time-limit', '2', '--json');
  expect(json(resumed)).toMatchObject({ done: 1, skipped: 1, failed: [{ reason: /still running/ }] });
  expect(startsIn(out).filter((line) => line === 'ok 1 1')).toHaveLength(1);
});

test('a dry run measures one cell if none is done, and tells what the rest takes', () => {
  const out = join(dir, 'dry');
  const file = sweepFile({ name: 'dry', grid: { factor: [1, 2] }, seeds: [1, 2, 3] });
  const options = ['--out', out, '--dry-run', '--json', '--jobs', '2'];
  const first = json(run(file, ...options));
  expect(first.cells.map(({ state }: { state: string }) => state)).toEqual([
    'done',
    ...new Array(5).fill('open'),
  ]);
  const { measured, open, work: total, wall } = first.estimate;
  expect([measured, open]).toEqual([1, 5]);
  expect(total).toBeGreaterThan(0);
  expect(wall).toBeCloseTo(total / 2, 9);
  expect(json(run(file, ...options)).estimate).toEqual(first.estimate);
  expect(startsIn(out)).toHaveLength(1);
});

test('the parts of one job end in one result, which tells what is missing', () => {
  const base = { map: 'logistic', bits: 2000, sequences: 60, tests: 'runs,serial', shards: 2 };
  const file = (shard: number[]) => sweepFile({ name: 'parts', work: 'nist', base, grid: { shard } });
  const out = join(dir, 'parts');
  const first = run(file([1]), '--out', out);
  expect(first.code).toBe(0);
  expect(first.stdout).toContain('Not complete: 1 of 2 parts are missing (0).');
  const { jobs, skipped } = json(run(file([0, 1]), '--out', out, '--json', '--results', join(out, 'kept')));
  expect(skipped).toBe(1);
  expect(jobs).toMatchObject([{ complete: true, missing: [], result: { sequences: 60 } }]);
  expect(jobs[0].result.summary.subTests[0].uniformity).not.toBeNull();
  expect(JSON.parse(readFileSync(join(out, 'kept', 'result.json'), 'utf8'))).toEqual(jobs);
  expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain(
    '## Result\n\n```text\nz_key of the logistic',
  );
});

describe('wrong inputs', () => {
  test('two sweeps in one directory', () => {
    const out = join(dir, 'shared');
    expect(run(sweepFile({ name: 'one' }), '--out', out).code).toBe(0);
    const { code, stderr } = run(sweepFile({ name: 'two' }), '--out', out);
    expect(code).toBe(2);
    expect(stderr).toMatch(/shared holds sweep one of work .*work.ts, not two of .*; give another --out/);
    const namesake = run(sweepFile({ name: 'one', question: 'Another one?' }), '--out', out);
    expect([namesake.code, namesake.stderr]).toEqual([
      2,
      expect.stringMatching(
        /holds sweep one with another question, "Does it hold\?"; give this sweep another name/,
      ),
    ]);
    expect(existsSync(join(out, 'cells.csv'))).toBe(true);
  });

  const table: [string, object, string[], RegExp][] = [
    ['an unknown key', { name: 'x', grids: {} }, [], /"grids" is unknown/],
    ['a wrong type', { name: 'x', base: { factor: '1' } }, [], /"factor" expected a number like 1, got "1"/],
    ['no jobs', { name: 'x' }, ['--jobs', '0'], /--jobs expected an integer from 1/],
  ];
  test.each(table)('%s', (_, sweep, options, message) => {
    const { code, stderr } = run(sweepFile(sweep), ...options);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  test('no file, and a folder that is no cell', () => {
    expect(medchaos(['sweep'], dir)).toMatchObject({ code: 2, stderr: /a sweep file is missing/ });
    mkdirSync(join(dir, 'empty'));
    expect(medchaos(['sweep', '--cell', join(dir, 'empty')], dir)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is no run folder/),
    });
  });
});
