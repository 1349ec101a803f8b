/** What the docs show: a site of which every link leads somewhere (typedoc ends with an error else), the verdict of README. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { medchaosHere } from './commands/_cli.ts';

const out = mkdtempSync(join(tmpdir(), 'medchaos-docs-'));
afterAll(() => rmSync(out, { recursive: true }));

test('npm run docs', { timeout: 300_000 }, () => {
  const { status, stderr, stdout } = spawnSync('npm', ['run', 'docs', '--', '--out', out], {
    encoding: 'utf8',
  });
  expect(status, stdout + stderr).toBe(0);
  for (const page of ['index.html', 'modules/metrics.html', 'documents/docs_install.html'])
    expect(existsSync(join(out, page)), page).toBe(true);
});

test('README.md shows the verdict that judge gives', { timeout: 300_000 }, async () => {
  const folder = join(out, 'judge');
  const { stdout } = await medchaosHere(['judge', '--scheme', '2d-lasm', '--out', folder], '.');
  expect(readFileSync('README.md', 'utf8')).toContain(`    ${stdout.split('\n')[0]}\n`);
});
