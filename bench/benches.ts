/** The benchmarks by name. Those that need no network load no TensorFlow. */
import { loadavg } from 'node:os';
import { environment } from '../src/engine/environment.ts';
import { InputError } from '../src/shared/errors.ts';
import { say } from '../src/shared/progress.ts';
import type { BenchOptions, BenchResult, BenchRow } from './row.ts';

type Bench = (options: BenchOptions) => Promise<BenchRow[]>;

/** In the order in which `all` runs them: memory and times before TensorFlow takes its share. */
const benches = {
  encrypt: async () => (await import('./encrypt.ts')).benchEncrypt(),
  linear: async () => (await import('./linear.ts')).benchLinear(),
  file: async () => (await import('./file.ts')).benchFile(),
  attack: async () => (await import('./attack.ts')).benchAttack(),
  peers: async () => (await import('./peers.ts')).benchPeers(),
  nist: async () => (await import('./nist.ts')).benchNist(),
  metrics: async () => (await import('./metrics.ts')).benchMetrics(),
  data: async () => (await import('./data.ts')).benchData(),
  memory: async () => (await import('./memory.ts')).benchMemory(),
  'train-memory': async (options) => (await import('./train-memory.ts')).benchTrainMemory(options),
  pictures: async (options) =>
    (await import('./pictures.ts')).benchPictures(await opened(options), options.pytorch),
  batches: async () => (await import('./batches.ts')).benchBatches(),
  folder: async (options) => (await import('./folder.ts')).benchFolder(await opened(options)),
  infer: async (options) => {
    const { pytorch } = options;
    const open = await opened(options);
    if (pytorch) return (await import('./against-pytorch.ts')).inferAgainstPyTorch(open, pytorch);
    return (await import('./infer.ts')).benchInfer(open);
  },
  train: async (options) => {
    const { pytorch } = options;
    const open = await opened(options);
    if (pytorch) return (await import('./against-pytorch.ts')).trainAgainstPyTorch(open, pytorch);
    return (await import('./train.ts')).benchTrain(open);
  },
} satisfies Record<string, Bench>;

export type BenchName = keyof typeof benches;
export const benchNames = Object.keys(benches) as BenchName[];

/** Those that run networks. */
const onEngine: readonly BenchName[] = ['folder', 'infer', 'pictures', 'train'];

async function opened({ engine, device }: BenchOptions) {
  const { openEngine } = await import('../src/engine/engine.ts');
  return openEngine(engine, device);
}

/**
 * Runs one benchmark, or all.
 * @throws InputError for an unknown name, or an engine that cannot be had
 */
export async function runBench(what: BenchName | 'all', options: BenchOptions): Promise<BenchResult> {
  const names = what === 'all' ? benchNames : [what];
  const rows: BenchRow[] = [];
  const load = loadavg()[0]!;
  for (const name of names) {
    const bench: Bench | undefined = benches[name];
    if (!bench)
      throw new InputError(`"what" expected ${[...benchNames, 'all'].join(', ')}, got ${String(name)}`);
    say(`bench: ${name}`);
    rows.push(...(await bench(options)));
  }
  const ran = names.some((name) => onEngine.includes(name)) ? await opened(options) : undefined;
  return { environment: environment(ran), load, rows };
}

export { benchText } from './text.ts';
