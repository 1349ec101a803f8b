/**
 * The Slurm launcher on a real Slurm (test/slurm/setup.sh sets a single node up): `npm run test:slurm`. One to two
 * minutes, most of it the queue's own pace; two more for the 1,000 cells of a killed node.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { medchaos } from '../commands/_cli.ts';

const wanted = process.env.MEDCHAOS_TEST_SLURM === '1';
const answers = wanted && spawnSync('sinfo', ['-h']).status === 0;
const missing = answers ? '' : wanted ? '(skipped: no Slurm answers)' : '(skipped: npm run test:slurm)';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-slurm-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const work = `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
export default {
  defaults: { mode: 'ok', factor: 1, seed: 1 },
  async run({ mode, factor, seed }, folder) {
    appendFileSync(join(folder, '..', 'starts.txt'), mode + factor + ' ' + (process.env.SLURM_JOB_ID ? 'slurm' : 'here') + '\\n');
    if (mode === 'throw') throw new Error('the orbit left the plane');
    if (mode === 'slow') await new Promise((done) => setTimeout(done, 8000));
    if (mode === 'killed' && !existsSync(join(folder, 'tried'))) {
      writeFileSync(join(folder, 'tried'), '');
      await new Promise((done) => setTimeout(done, 1e6));
    }
    return { value: factor * seed };
  },
};`;
writeFileSync(join(dir, 'work.ts'), work);
writeFileSync(join(dir, 'package.json'), '{"type":"module"}');

function sweepFile(sweep: {
  name: string;
  grid?: object;
  work?: string;
  base?: object;
  seeds?: number[];
}): string {
  const path = join(dir, `${sweep.name}.ts`);
  const whole = { question: 'Does it hold?', work: './work.ts', seeds: [1], ...sweep };
  writeFileSync(path, `export default ${JSON.stringify(whole)};\n`);
  return path;
}
const options = (out: string): string[] => ['--out', join(dir, out), '--launcher', 'slurm', '--jobs', '2'];
const startsIn = (out: string): string[] => {
  const path = join(dir, out, 'starts.txt');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').sort() : [];
};
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(100);
};

/** A work of 20 ms that leaves a line a start and a line a result. */
const short = `
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
export default {
  defaults: { x: 0, y: 0, epochs: 1, seed: 1 },
  async run({ x, y, epochs }, folder) {
    appendFileSync(join(folder, '..', 'starts.txt'), [x, y, epochs].join(' ') + '\\n');
    await new Promise((done) => setTimeout(done, 20));
    appendFileSync(join(folder, '..', 'results.txt'), [x, y, epochs].join(' ') + '\\n');
    return { score: -Math.abs(x - 500) };
  },
};`;
writeFileSync(join(dir, 'short.ts'), short);

const linesIn = (path: string): string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
const nodeState = (): string => execFileSync('sinfo', ['-h', '-o', '%T'], { encoding: 'utf8' }).trim();

/** Kills the node: its daemon, the steps of its jobs, and their processes. False, and nothing killed, between two jobs. */
function killNode(jobs: readonly string[]): boolean {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  const processes = table.map(
    (line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!.slice(1) as [string, string, string],
  );
  const steps = processes.filter(
    ([, , args]) => /^slurmstepd: /.test(args) && jobs.some((job) => args.includes(`[${job}.`)),
  );
  if (steps.length === 0) return false;
  const doomed = new Set([readFileSync('/run/slurmd.pid', 'utf8').trim(), ...steps.map(([pid]) => pid)]);
  for (let before = 0; before < doomed.size; ) {
    before = doomed.size;
    for (const [pid, parent] of processes)
      if (doomed.has(parent) && steps.some(([step]) => doomed.has(step))) doomed.add(pid);
  }
  for (const pid of doomed) process.kill(Number(pid), 'SIGKILL');
  return true;
}

describe.skipIf(!answers || process.getuid?.() !== 0)(`1,000 cells ${missing}`, () => {
  const taskIds = (): string[] =>
    execFileSync('squeue', ['-h', '-r', '-t', 'running', '-o', '%A'], { encoding: 'utf8' })
      .trim()
      .split('\n');

  test('of a sweep whose node is killed and comes back: each has its result once', async () => {
    const x = Array.from({ length: 1000 }, (_, i) => i);
    const file = sweepFile({ name: 'thousand', work: './short.ts', grid: { x } });
    const out = join(dir, 'thousand');
    const bin = fileURLToPath(new URL('../../bin/medchaos.js', import.meta.url));
    const args = [bin, 'sweep', file, ...options('thousand'), '--per-task', '50', '--retries', '2', '--json'];
    const child = spawn(process.execPath, args, { cwd: dir });
    let [said, printed] = ['', ''];
    child.stderr.on('data', (data) => (said += data));
    child.stdout.on('data', (data) => (printed += data));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until(() => linesIn(join(out, 'results.txt')).length >= 200);
    await until(() => killNode(taskIds()));
    await until(() => nodeState().startsWith('down'));
    execFileSync('slurmd');
    // Slurm starts the killed tasks again, or reports NODE_FAIL; then the sweep submits them again.
    expect(await ended, said).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({ cells: 1000, done: 1000, failed: [], open: 0 });
    const rows = linesIn(join(out, 'cells.csv')).slice(1);
    expect(new Set(rows.map((row) => row.split(',')[0])).size).toBe(1000);
    const results = linesIn(join(out, 'results.txt'));
    expect(new Set(results).size).toBe(1000);
    // A cell that was killed between its last line and its result ran again: at most one a task.
    expect(results.length).toBeLessThanOrEqual(1002);
    expect(linesIn(join(out, 'starts.txt')).length).toBeLessThanOrEqual(1002);
  }, 400_000);

  test('of a random search by halving: three rungs, nothing lost', () => {
    const file = sweepFile({
      ...{ name: 'search', work: './short.ts' },
      random: { count: 684, space: { x: { min: 0, max: 1000 }, y: { min: 0, max: 1 } } },
      halving: { budget: 'epochs', values: [1, 3, 9], by: 'score', better: 'higher' },
    } as never);
    const args = ['sweep', file, ...options('search'), '--per-task', '100', '--json'];
    const { code, stdout, stderr } = medchaos(args, dir);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ cells: 684 + 228 + 76, done: 684 + 228 + 76, failed: [] });
    expect(linesIn(join(dir, 'search', 'results.txt'))).toHaveLength(684 + 228 + 76);
  }, 400_000);
});

describe.skipIf(!answers)(`a job array ${missing}`, () => {
  test('gives what the local launcher gives, failures included', () => {
    const file = sweepFile({ name: 'same', grid: { mode: ['ok', 'throw'], factor: [2, 3] }, seeds: [1, 2] });
    const far = medchaos(['sweep', file, ...options('far')], dir);
    const near = medchaos(['sweep', file, '--out', join(dir, 'near')], dir);
    expect([far.code, near.code]).toEqual([1, 1]);
    expect(far.stdout).toMatch(/8 cells: 4 done \(0 before\), 4 failed/);
    const table = (out: string): string[] =>
      readFileSync(join(dir, out, 'cells.csv'), 'utf8')
        .split('\n')
        .map((line) => line.replace(/,done,[\d.e-]+,/, ',done,,')); // times differ
    expect(table('far')).toEqual(table('near'));
    expect(startsIn('far').every((line) => line.endsWith('slurm'))).toBe(true);
  }, 240_000);

  test('the parts of a long job come to what they come to here', () => {
    const base = { map: 'logistic', bits: 2000, sequences: 60, tests: 'runs,serial', shards: 2 };
    const file = sweepFile({ name: 'parts', work: 'nist', base, grid: { shard: [0, 1] } });
    const far = medchaos(['sweep', file, ...options('parts-far')], dir);
    const near = medchaos(['sweep', file, '--out', join(dir, 'parts-near')], dir);
    expect([far.code, near.code]).toEqual([0, 0]);
    const result = (out: string): string => readFileSync(join(dir, out, 'result.json'), 'utf8');
    expect(result('parts-far')).toBe(result('parts-near'));
    expect(JSON.parse(result('parts-far'))).toMatchObject([{ complete: true, result: { sequences: 60 } }]);
  }, 240_000);

  test('a killed task is noticed, and it alone is submitted again', async () => {
    const file = sweepFile({ name: 'killed', grid: { mode: ['ok', 'killed'] } });
    const out = join(dir, 'killed');
    const bin = fileURLToPath(new URL('../../bin/medchaos.js', import.meta.url));
    const args = [bin, 'sweep', file, ...options('killed'), '--retries', '1'];
    const child = spawn(process.execPath, args, { cwd: dir });
    let said = '';
    child.stderr.on('data', (data) => (said += data));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const hanging = (): string | undefined =>
      existsSync(out) ? readdirSync(out).find((name) => existsSync(join(out, name, 'tried'))) : undefined;
    await until(() => hanging() !== undefined);
    const cell = readFileSync(join(out, hanging()!, '.busy'), 'utf8').split(' ')[0]!;
    const guard = execFileSync('ps', ['-o', 'ppid=', '-p', cell], { encoding: 'utf8' }).trim();
    process.kill(Number(guard), 'SIGKILL'); // the task itself, so that nothing is left to say why
    expect(await ended).toBe(0);
    expect(said).toMatch(/its Slurm task \d+_\d+ ended without a result \(FAILED, exit code 0:9\)/);
    expect(said).toContain('running 1 failed cells again (1 of 1)');
    expect(startsIn('killed')).toEqual(['killed1 slurm', 'killed1 slurm', 'ok1 slurm']);
  }, 240_000);

  test('a sweep that is killed leaves its tasks to Slurm; the same command collects them', async () => {
    const file = sweepFile({ name: 'slow', grid: { mode: ['slow'], factor: [1, 2, 3] } });
    const bin = fileURLToPath(new URL('../../bin/medchaos.js', import.meta.url));
    const child = spawn(process.execPath, [bin, 'sweep', file, ...options('slow')], { cwd: dir });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until(() => startsIn('slow').length > 0);
    child.kill('SIGKILL');
    await ended;
    const { code, stderr } = medchaos(['sweep', file, ...options('slow')], dir);
    expect(stderr).toMatch(/cells are in the queue already and are waited for/);
    expect(code).toBe(0);
    expect(startsIn('slow')).toEqual(['slow1 slurm', 'slow2 slurm', 'slow3 slurm']);
  }, 240_000);

  test('what sbatch refuses is said', () => {
    const file = sweepFile({ name: 'refused', grid: { mode: ['ok'] } });
    const args = ['sweep', file, ...options('refused'), '--sbatch=--partition=nowhere'];
    const { code, stderr } = medchaos(args, dir);
    expect(stderr).toMatch(/sbatch refused the cells: .*partition/i);
    expect(code).toBe(2);
  });
});

test.skipIf(spawnSync('sinfo', ['-h']).status === 0)('without a Slurm the remedy is named', () => {
  const file = sweepFile({ name: 'none', grid: { mode: ['ok'] } });
  const { code, stderr } = medchaos(['sweep', file, ...options('none')], dir);
  expect(stderr).toMatch(/--launcher slurm expected a Slurm cluster that answers.*use --launcher local/);
  expect(code).toBe(2);
});
