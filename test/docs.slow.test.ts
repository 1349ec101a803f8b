/** The site of `npm run docs` is built, and every link in it leads somewhere: typedoc ends with an error else. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

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
