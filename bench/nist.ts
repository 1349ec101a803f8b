/**
 * Speed and memory of SP 800-22 on one sequence of a million bits, one thread: all 15 tests, and each. No peer in the
 * table: NIST's program 2.1.2 takes about 4 s for the same work and the best Python package 23 s, measured elsewhere.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { battery, tests } from '../src/nist/battery.ts';
import { bitsFromBytes } from '../src/nist/bits.ts';
import { testNames } from '../src/nist/types.ts';
import { type Effort, medians } from './_measure.ts';
import { type BenchRow, row } from './row.ts';

const n = 1_000_000;
const effort: Effort = { runs: 9, seconds: 5 };
const each: Effort = { runs: 9, seconds: 0.5 };
const all = 'SP 800-22, all 15 tests, 1e6 bits, 1 thread';

/** About 12 s on two server cores. */
export async function benchNist(): Promise<BenchRow[]> {
  const bytes = randomBytes(n / 8);
  const { ms, runs } = await medians([() => battery(bitsFromBytes(bytes))], effort);
  const rows = [
    row({ work: all, unit: 'ms', ours: ms[0]!, limit: 1500, runs }),
    row({ work: `${all}: peak memory`, unit: 'MB', ours: await peakMemory(), limit: 200, runs: 1 }),
  ];
  const bits = bitsFromBytes(bytes);
  for (const name of testNames) {
    const one = await medians([() => attempt(() => tests[name](bits))], each);
    rows.push(row({ work: `SP 800-22, ${name}, 1e6 bits`, unit: 'ms', ours: one.ms[0]!, runs: one.runs }));
  }
  return rows;
}

/** The excursion tests refuse 38 % of random sequences, after the whole walk. */
function attempt(work: () => unknown): void {
  try {
    work();
  } catch {}
}

/** VmHWM, as ru_maxrss is handed down from the parent process; the latter where there is no /proc. */
const program = `
const [tsx, tests, bits, n] = process.argv.slice(1);
if (tsx) (await import(tsx)).register();
const { battery } = await import(tests);
const { bitsFromBytes } = await import(bits);
const { randomBytes } = await import('node:crypto');
const { readFileSync } = await import('node:fs');
battery(bitsFromBytes(randomBytes(n / 8)));
let kib = process.resourceUsage().maxRSS;
try { kib = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]); } catch {}
console.log(kib);`;

/** Megabytes (10^6 bytes) of a process of its own, Node itself included. */
async function peakMemory(): Promise<number> {
  const fromSource = import.meta.url.endsWith('.ts');
  const tsx = fromSource ? import.meta.resolve('tsx/esm/api') : '';
  const [battery, bits] = ['battery', 'bits'].map(
    (name) => new URL(`../src/nist/${name}.${fromSource ? 'ts' : 'js'}`, import.meta.url).href,
  );
  const args = ['--input-type=module', '--eval', program, tsx, battery!, bits!, String(n)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return (Number(stdout) * 1024) / 1e6;
}
