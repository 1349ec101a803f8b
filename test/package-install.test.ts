/** The tarball in a fresh project, as `npm install` leaves it there: minutes, and a package registry. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readInput } from '../src/shared/files.ts';

const root = join(import.meta.dirname, '..');
const missing = process.env.MEDCHAOS_TEST_PACKAGE
  ? null
  : 'slow, needs the network; run: npm run test:package';

const project = mkdtempSync(join(tmpdir(), 'medchaos-fresh-'));
afterAll(() => rmSync(project, { recursive: true }));

const run = (program: string, args: string, cwd = project): string =>
  execFileSync(program, args.split(' '), { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

describe.skipIf(missing)(`a fresh project ${missing ?? ''}`, () => {
  test('installs, though the native engine may not', () => {
    run('npm', 'run build', root);
    const tarball = run('npm', `pack --pack-destination ${project}`, root).trim().split('\n').at(-1)!;
    writeFileSync(join(project, 'package.json'), '{ "name": "fresh", "version": "1.0.0", "private": true }');
    run('npm', `install --no-audit --no-fund ./${tarball}`);
  }, 900_000);

  test('loads the sub-paths', () => {
    writeFileSync(
      join(project, 'x.mjs'),
      `for (const room of ['chaos', 'cipher', 'metrics', 'attacks'])
         console.log(room, Object.keys(await import('medchaos/' + room)).length > 3);`,
    );
    expect(run(process.execPath, 'x.mjs')).toBe('chaos true\ncipher true\nmetrics true\n');
  });

  test('has a command that makes keys, encrypts, measures and decrypts', async () => {
    cpSync(join(root, 'samples', '00008980_000.png'), join(project, 'x.png'));
    run('npx', '--no-install medchaos keygen');
    run('npx', '--no-install medchaos encrypt x.png --params 10,28,2.667 --recipient public.pem');
    expect(run('npx', '--no-install medchaos metrics x.png x.cipher.png')).toMatch(/npcr/);
    run('npx', '--no-install medchaos decrypt x.cipher.png --keys x.keys.jwe --private-key private.pem');
    // The picture, written by the same encoder a second time.
    const same = 'encrypt x.decrypted.png --params 10,28,2.667 --recipient public.pem';
    run('npx', `--no-install medchaos ${same}`);
    const cipher = await readInput(join(project, 'x.cipher.png'));
    expect(cipher.equals(await readInput(join(project, 'x.decrypted.cipher.png')))).toBe(true);
  }, 120_000);
});
