/**
 * Peak resident memory of the commands `encrypt --params` and `decrypt`, each in a process of its own, which
 * must not load TensorFlow. The process says it itself, as it ends.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { baselineParams, makeKeyPair } from '../src/cipher/index.ts';
import { encodePng } from '../src/data/images/image.ts';
import { fundusPhantom } from '../src/data/images/phantoms/fundus.ts';
import { besidePackage } from '../src/shared/package.ts';
import { sizeText } from './_measure.ts';
import { type BenchRow, row } from './row.ts';

const run = promisify(execFile);

/**
 * VmHWM and not ru_maxrss: Linux hands the latter down from the process that started this one (measured: an
 * idle Node, 41 MB by VmHWM, started by one of 1 GB reports 1 GB), and that one may hold TensorFlow.
 */
const probe = `
import { readFileSync } from 'node:fs';
import Module from 'node:module';
process.on('exit', () => {
  let kib = process.resourceUsage().maxRSS;
  try { kib = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]); } catch {}
  const heavy = Object.keys(Module._cache).some((path) => path.includes('@tensorflow'));
  process.stderr.write('\\nprobe ' + JSON.stringify({ kib, heavy }) + '\\n');
});`;

/**
 * @param plain by default of the size of the paper's largest sample, which is to stay below 600 MB
 * @param runs of each command; the largest counts
 */
export async function benchMemory(plain = fundusPhantom(2124, 2056, 1), runs = 3): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'medchaos-bench-'));
  try {
    await writeFile(join(folder, 'plain.png'), await encodePng(plain));
    const { publicPem, privatePem } = await makeKeyPair();
    await writeFile(join(folder, 'public.pem'), publicPem);
    await writeFile(join(folder, 'private.pem'), privatePem);
    const rows: BenchRow[] = [];
    for (const [name, args] of Object.entries(commands)) {
      const work = `${name} ${sizeText(plain)}: peak memory`;
      rows.push(row({ work, unit: 'MB', ours: await peakOf(folder, args, runs), limit: 600, runs }));
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const encrypt = (params: readonly number[]): string[] =>
  `encrypt plain.png --params ${params.join(',')} --recipient public.pem --force`.split(' ');

const commands = {
  'encrypt --params (logistic)': encrypt(baselineParams.logistic),
  'encrypt --params (lorenz)': encrypt(baselineParams.lorenz),
  decrypt: 'decrypt plain.cipher.png --keys plain.keys.jwe --private-key private.pem --force'.split(' '),
};

async function peakOf(cwd: string, args: readonly string[], runs: number): Promise<number> {
  const peaks: number[] = [];
  for (let i = 0; i < runs; i++) peaks.push(await peakOnce(cwd, args));
  return Math.max(...peaks);
}

/** Megabytes (10^6 bytes). */
async function peakOnce(cwd: string, args: readonly string[]): Promise<number> {
  const preload = ['--import', `data:text/javascript,${encodeURIComponent(probe)}`];
  const program = join(besidePackage('bin'), 'medchaos.js');
  const { stderr } = await run(process.execPath, [...preload, program, ...args], { cwd });
  const said = /^probe (.+)$/m.exec(stderr)![1]!;
  const { kib, heavy } = JSON.parse(said) as { kib: number; heavy: boolean };
  if (heavy) throw new Error(`medchaos ${args[0]} loaded TensorFlow, which parameters by hand do not need`);
  return (kib * 1024) / 1e6;
}
