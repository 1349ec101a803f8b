/** Training on the fallback engine, in a process of its own, since one engine serves a process. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { besidePackage } from '../src/shared/package.ts';
import { say } from '../src/shared/progress.ts';
import { type BenchResult, type BenchRow, row } from './row.ts';

const run = promisify(execFile);

/** WebAssembly's speeds, beside those of `native` where net, batch and work are the same. */
export async function fallbackRows(native: readonly BenchRow[]): Promise<BenchRow[]> {
  say('bench: the same on WebAssembly');
  const program = join(besidePackage('bin'), 'medchaos.js');
  const args = [program, 'bench', 'train', '--engine', 'wasm', '--json'];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 24 });
  const { rows } = JSON.parse(stdout) as BenchResult;
  return rows.map(({ work, net, batch, unit, ours, runs }) => {
    const same = native.find((r) => r.work === work && r.net === net && r.batch === batch);
    const beside = same ? { peer: 'native engine', theirs: same.ours } : {};
    return row({ work: `${work} on wasm`, net, batch, unit, ours, runs, ...beside });
  });
}
