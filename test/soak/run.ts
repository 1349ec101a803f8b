/**
 * npm run soak -- [--runs 1000] [--jobs 4] [--json]: trains again and again, several at a time, each in a process of its
 * own or, one time in twenty, under the test runner, and counts the processes that died. Exit code 1 if one did.
 * 1,000 runs take about 25 minutes on two cores.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { progressBar } from '../../src/shared/progress.ts';

const root = join(import.meta.dirname, '..', '..');
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    jobs: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const deaths: { run: number; how: string; code: number | null; signal: string | null; last: string }[] = [];

const native = (run: number): string[] => ['--import', 'tsx', join(root, 'test/soak/child.ts'), String(run)];
const underTest = [
  join(root, 'node_modules/vitest/vitest.mjs'),
  ...['run', 'test/executors/graph-read.test.ts', '--reporter', 'dot'],
];

function oneRun(run: number): Promise<void> {
  const how = run % 20 === 19 ? 'test runner' : 'native';
  const child = spawn(process.execPath, how === 'native' ? native(run) : underTest, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let last = '';
  child.stderr.on('data', (text: Buffer) => {
    last = (last + text.toString()).slice(-300);
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      if (code !== 0 || signal !== null) deaths.push({ run, how, code, signal, last });
      resolve();
    });
  });
}

const bar = progressBar('soak', runs);
let next = 0;
let done = 0;
async function worker(): Promise<void> {
  while (next < runs) {
    await oneRun(next++);
    bar.update(++done, `${deaths.length} died`);
  }
}
await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
bar.stop();
if (values.json) console.log(JSON.stringify({ runs, deaths }));
else console.log(`${deaths.length} of ${runs} runs died`);
for (const { run, how, code, signal, last } of deaths)
  console.error(`run ${run} (${how}): ${signal ?? `exit code ${code}`}; ${last.trim()}`);
process.exitCode = deaths.length > 0 ? 1 : 0;
