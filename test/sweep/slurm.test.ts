/**
 * The Slurm launcher on a real Slurm (test/slurm/setup.sh sets a single node up): `npm run test:slurm`. One to two
 * minutes, most of it the queue's own pace.
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
  grid: object;
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
