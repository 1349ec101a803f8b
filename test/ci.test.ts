/** The last line of `.ci/run`: what .ci/count.mjs makes of the reports of all suites. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-ci-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});
const report = (numPassedTests: number, numFailedTests = 0, more = {}) => ({
  ...{ success: numFailedTests === 0, numPassedTests, numFailedTests, numPendingTests: 0 },
  testResults: [file('passed', 'passed')],
  ...more,
});

function count(skipped: number, ...reports: (object | null)[]) {
  const paths = reports.map((content, i) => {
    const path = join(dir, `${i}.json`);
    rmSync(path, { force: true });
    if (content) writeFileSync(path, JSON.stringify(content));
    return path;
  });
  const run = spawnSync(process.execPath, ['.ci/count.mjs', `${skipped}`, ...paths], { encoding: 'utf8' });
  return [run.status, run.stdout.trim().split('\n').at(-1)];
}

describe('the sum over reports', () => {
  test.each([
    ['two that passed', 0, [report(3), report(4)], [0, '7 passed, 0 failed, 0 skipped']],
    ['skipped tests', 0, [report(3, 0, { numPendingTests: 2 })], [0, '3 passed, 0 failed, 2 skipped']],
    ['a suite that could not be installed', 1, [report(3)], [0, '3 passed, 0 failed, 1 skipped']],
    ['a failed test', 0, [report(3), report(1, 2)], [1, '4 passed, 2 failed, 0 skipped']],
    ['a report that is missing', 0, [report(3), null], [1, '3 passed, 1 failed, 0 skipped']],
    ['a worker that died', 0, [report(3, 0, { success: false })], [1, '3 passed, 1 failed, 0 skipped']],
    [
      'a file that does not load',
      0,
      [report(3, 0, { success: false, testResults: [file('failed')] })],
      [1, '3 passed, 1 failed, 0 skipped'],
    ],
    ['no test at all', 0, [report(0)], [1, '0 passed, 0 failed, 0 skipped']],
  ] as const)('%s', (_, skipped, reports, expected) => {
    expect(count(skipped, ...reports)).toEqual(expected);
  });
});

test('a failed test is named with its message', () => {
  const path = join(dir, 'failed.json');
  const failed = { status: 'failed', fullName: 'a sum is right', failureMessages: ['expected 3, got 4'] };
  const file = { name: 'test/sum.test.ts', status: 'failed', message: '', assertionResults: [failed] };
  writeFileSync(path, JSON.stringify(report(3, 1, { testResults: [file] })));
  const { stdout } = spawnSync(process.execPath, ['.ci/count.mjs', '0', path], { encoding: 'utf8' });
  expect(stdout).toContain('FAILED test/sum.test.ts: a sum is right\nexpected 3, got 4');
});

test('.ci/run runs every slow suite of package.json, and reads the report that it writes', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const script = readFileSync('.ci/run', 'utf8');
  const suites = Object.keys(scripts).filter((name) => name.startsWith('test:'));
  expect(suites).toHaveLength(7);
  for (const suite of suites.map((name) => name.slice(5))) {
    const reports = script.match(new RegExp(`suite ${suite} (.*)`))?.[1]?.split(' ') ?? [];
    expect(reports, suite).not.toEqual([]);
    const written = suite === 'nodes' ? 'node-22' : suite;
    expect(reports[0], suite).toBe(`.test-report-${written}.json`);
    if (suite !== 'nodes') expect(scripts[`test:${suite}`]).toContain(`--outputFile.json=${reports[0]}`);
  }
});
