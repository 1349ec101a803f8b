/** Where no native engine can be had, everything still runs. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openEngine } from '../../src/engine/engine.ts';
import { reproduceTiny, temporaryFolder } from '../reproduce/_reproduction.ts';

const root = temporaryFolder();
const cache = mkdtempSync(join(tmpdir(), 'medchaos-cache-'));
afterAll(() => {
  for (const folder of [root, cache]) rmSync(folder, { recursive: true, force: true });
});

test('reproduce-tables on wasm: networks labelled undertrained, decryption exact', async () => {
  const results = await reproduceTiny(root, await openEngine('wasm'));
  expect(results.environment.engine).toBe('wasm');
  expect(results.training.map(({ undertrained }) => undertrained)).toEqual([true, true, true, true]);
  expect(results.cells).toHaveLength(48);
  expect(results.cells.every(({ decryptedMse }) => decryptedMse === 0)).toBe(true);
}, 300_000);

/** The doctor of a machine without Python, compiler and network. */
function bareDoctor(...flags: string[]) {
  const env = {
    PATH: '/nonexistent',
    MEDCHAOS_CACHE: cache,
  };
  const { stdout, stderr } = spawnSync(process.execPath, ['bin/medchaos.js', 'doctor', '--json', ...flags], {
    env,
    encoding: 'utf8',
  });
  const checks = JSON.parse(stdout) as {
    name: string;
    state: string;
    found: string;
    remedy: string | null;
  }[];
  return { stderr, of: (name: string) => checks.find((check) => check.name === name)! };
}

test('no Python, no compiler, no download: the doctor names the reasons, the fallback and the remedies', () => {
  const { of, stderr } = bareDoctor();
  expect(of('engine')).toMatchObject({ state: 'missing', remedy: 'npm run doctor -- --setup' });
  expect(of('engine').found).toMatch(
    /^wasm: no native engine \(no C\+\+ compiler is found; on Debian: apt-get install g\+\+\)/,
  );
  expect(of('engine tools').remedy).toBe('apt-get install python3-pip g++');
  expect(stderr).toMatch(/engine: not set up: no C\+\+ compiler/);
  expect(stderr).not.toMatch(/downloading/);
  const again = bareDoctor();
  expect(again.stderr).not.toMatch(/not set up/); // remembered: the next command goes to the fallback at once
  expect(bareDoctor('--setup').stderr).toMatch(/not set up/);
});
