/** The command `judge` from end to end: programs in four languages, folders of pictures, its files, and a kill in between. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { encodePng } from '../../src/data/images/image.ts';
import { sealedOf } from '../../src/judge/black-box/cipher.ts';
import type { JudgeJson } from '../../src/judge/judge-command.ts';
import { photoOf, trialKey } from '../../src/judge/laboratory.ts';
import { medchaos } from '../commands/_cli.ts';
import { brokenToys, soundToys } from './_toys.ts';

const here = fileURLToPath(new URL('./examples', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'judge-command-'));
const slow = { timeout: 400_000 };

const missing = (program: string): string =>
  spawnSync(program, ['--version']).error ? `(skipped: no ${program})` : '';

function judged(out: string, args: readonly string[], cwd = here): JudgeJson {
  const { code, stdout, stderr } = medchaos(['judge', ...args, '--out', join(folder, out), '--json'], cwd);
  expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as JudgeJson;
}

const both = (format: string, program: string, extra = ''): string[] => [
  '--format',
  format,
  '--encrypt',
  `${program} encrypt {in} {out} {key}${extra}`,
  '--decrypt',
  `${program} decrypt {in} {out} {key}${extra}`,
];

const attacks = ({ brokenBy }: JudgeJson): string[] => brokenBy.map(({ attack }) => attack);

describe('the examples', () => {
  const python = missing('python3');
  test.skipIf(python)(`Python: two rounds of feedback are affine ${python}`, slow, () => {
    const result = judged('python', both('pgm', 'python3 cipher.py'));
    expect(result).toMatchObject({
      verdict: 'broken',
      exact: true,
      deterministic: true,
      cipher: 'cipher.py',
    });
    const [first] = result.brokenBy;
    expect(first).toMatchObject({ attack: 'affine-prediction', share: 1 });
    expect(first!.queries).toBeLessThanOrEqual(5);
    expect(result.nist[0]?.consistent ?? true).toBe(true);
    for (const stem of first!.pictures)
      expect(existsSync(join(folder, 'python', 'pictures', `${stem}.png`))).toBe(true);
    expect(readdirSync(join(folder, 'python', 'tables'))).toEqual(
      expect.arrayContaining(['attacks.csv', 'attacks.md', 'attacks.tex', 'metrics.csv', 'differential.tex']),
    );
    expect(readFileSync(join(folder, 'python', 'judge.html'), 'utf8')).toContain(
      'broken by affine-prediction',
    );
    expect(result.command).toContain('medchaos judge --encrypt');
  });

  test.skipIf(python)(`Python, one process for all pictures ${python}`, slow, () => {
    const result = judged('server', ['--serve', 'python3 server.py']);
    expect(result).toMatchObject({ verdict: 'broken', exact: true });
    expect(result.brokenBy[0]).toMatchObject({ attack: 'chosen-plaintext', queries: 1, share: 1 });
  });

  const octave = missing('octave');
  test.skipIf(octave)(`Octave: a logistic keystream ${octave}`, slow, () => {
    const line = 'octave -q cipher.m {in} {out} {key}';
    const result = judged('octave', ['--encrypt', line, '--decrypt', line]);
    expect(result).toMatchObject({ verdict: 'broken', exact: true });
    expect(result.brokenBy[0]).toMatchObject({ attack: 'chosen-plaintext', queries: 1, share: 1 });
  });

  const gcc = missing('gcc');
  test.skipIf(gcc)(`C: a permutation and a substitution ${gcc}`, slow, () => {
    const built = spawnSync('gcc', ['-O2', '-o', join(folder, 'cipher'), 'cipher.c'], { cwd: here });
    expect(built.status).toBe(0);
    const result = judged('c', both('raw', join(folder, 'cipher')));
    expect(result).toMatchObject({ verdict: 'broken', exact: true });
    expect(result.brokenBy[0]).toMatchObject({ attack: 'codebook', share: expect.closeTo(1, 3) });
  });

  test('Node: AES-256-GCM holds', slow, () => {
    const result = judged('node', both('raw', 'node cipher.mjs', ' {extra}'));
    expect(attacks(result)).toEqual([]);
    expect(result).toMatchObject({
      verdict: 'holds',
      exact: true,
      deterministic: false,
      properties: { authenticated: true },
    });
  });
});

test.each([
  ['paper', 'broken'],
  ['2d-lasm', 'broken'],
  ['hardened', 'holds'],
  ['aes-256-gcm', 'holds'],
])('--scheme %s: %s', slow, (scheme, verdict) => {
  expect(judged(`scheme-${scheme}`, ['--scheme', scheme])).toMatchObject({ verdict, exact: true });
});

describe('folders of pictures', () => {
  async function folders(
    name: string,
    cipher: (typeof soundToys)[string],
    keyed: 'one' | 'each',
  ): Promise<string> {
    const root = join(folder, name);
    for (const part of ['plain', 'cipher']) mkdirSync(join(root, part), { recursive: true });
    for (let k = 0; k < 20; k++) {
      const plain = photoOf({ width: 64, height: 64, channels: 1, depth: 8 }, k + 1);
      const { image } = sealedOf(await cipher.encrypt(plain, trialKey(1, keyed === 'one' ? 0 : k, 32)));
      writeFileSync(join(root, 'plain', `scan${k}.png`), await encodePng(plain));
      writeFileSync(join(root, 'cipher', `scan${k}.cipher.png`), await encodePng(image));
    }
    return root;
  }
  const broken = (name: string) => brokenToys[name]![0];

  test.each([
    ['xor with a keystream', 'known-plaintext'],
    ['permutation and xor', 'known-plaintext'],
    ['permutation only', 'ciphertext-only'],
    ['AES-CTR with a fixed nonce', 'key-reuse'],
    ['upper half of the bits only', 'visible'],
  ])('20 pairs of %s are broken by %s', slow, async (toy, by) => {
    const root = await folders(`broken ${toy}`, broken(toy), 'one');
    const result = judged(`pairs ${toy}`, ['--pairs', 'plain', 'cipher'], root);
    expect(attacks(result)).toContain(by);
    expect(result).toMatchObject({ verdict: 'broken', exact: null, deterministic: null });
  });

  test.each([
    'AES-256-GCM',
    'wide block, deterministic',
    'a black border',
    'grey stored as RGB',
    'AES-CTR, nonce in a row',
  ])('20 pairs of %s hold', slow, async (toy) => {
    const root = await folders(`sound ${toy}`, soundToys[toy]!, 'one');
    const result = judged(`pairs ${toy}`, ['--pairs', 'plain', 'cipher'], root);
    expect(result.brokenBy.map(({ attack, finding }) => `${attack}: ${finding}`)).toEqual([]);
    expect(result.verdict).toBe('holds');
    expect(result.notRun.map(({ attack }) => attack)).toEqual(
      expect.arrayContaining(['exact-decryption', 'chosen-plaintext', 'key-sensitivity']),
    );
  });

  test('keys of their own, and pictures without a partner', slow, async () => {
    const root = await folders('each', broken('xor with a keystream'), 'each');
    writeFileSync(
      join(root, 'plain', 'alone.png'),
      await encodePng(photoOf({ width: 8, height: 8, channels: 1, depth: 8 }, 1)),
    );
    const result = judged('pairs each', ['--pairs', 'plain', 'cipher', '--keys', 'each'], root);
    expect(result.verdict).toBe('holds');
    expect(result.remarks.join()).toContain('alone.png has no cipher picture of its name');
    expect(result.notRun).toContainEqual({
      attack: 'known-plaintext',
      why: expect.stringContaining('under one key'),
    });
  });
});

test('a killed judgement goes on, and a finished one is not repeated', slow, async () => {
  const args = ['judge', '--scheme', 'cat-map-3d', '--out', join(folder, 'killed'), '--json'];
  const bin = fileURLToPath(new URL('../../bin/medchaos.js', import.meta.url));
  const child = spawn(process.execPath, [bin, ...args], { stdio: 'ignore', detached: true });
  const trials = join(folder, 'killed', 'trials');
  const kept = () => (existsSync(trials) ? readdirSync(trials).filter((name) => name.endsWith('.json')) : []);
  while (kept().length < 4 && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGKILL');
  await ended;
  const before = kept();
  expect(before.length).toBeGreaterThanOrEqual(4);
  const first = JSON.parse(readFileSync(join(trials, before[0]!), 'utf8')) as {
    name: string;
    seconds: number;
  };
  const result = judged('killed', ['--scheme', 'cat-map-3d']);
  const all = [...result.brokenBy, ...result.withstood];
  const again = all.find(({ attack }) => attack === first.name);
  if (again) expect(again.seconds).toBe(first.seconds);
  expect(existsSync(trials)).toBe(false);
  expect(judged('killed', ['--scheme', 'cat-map-3d'])).toEqual(result);
});
