/**
 * `medchaos bench`: how fast, and how much memory, on this machine. The benchmarks are no part of the package: their
 * modules load by a computed path, so that the build leaves them out.
 */
import { existsSync } from 'node:fs';
import { InputError } from '../src/shared/errors.ts';
import { option } from '../src/shared/option.ts';
import { oneOf } from '../src/shared/schema.ts';
import { command } from './_command.ts';
import { engineOptions, text } from './_options.ts';

/** Those of bench/benches.ts; a test compares both lists. */
export const benchNames = [
  ...['encrypt', 'linear', 'file', 'attack', 'peers', 'nist', 'metrics', 'data', 'memory'],
  ...['train-memory', 'pictures', 'batches', 'folder', 'infer', 'train'],
];

/** Libraries that `infer`, `train`, `pictures` and `train-memory` can be compared with. */
const peers = ['pytorch'] as const;

const benchCommand = command({
  examples: [
    ['bench encrypt', 'one table'],
    ['bench train --peer pytorch --python PATH', 'beside PyTorch'],
  ],
  positionals: {
    what: option(oneOf([...benchNames, 'all']), {
      required: true,
      help: 'encrypt, linear, nist, metrics: in memory; attack: key recovery; peers: throughput on all cores beside other ciphers; file: file to file; memory: peak; data: images of a folder, manifests; train-memory: of training; pictures: training on pictures; batches: training data; infer, train: networks',
    }),
  },
  options: {
    ...engineOptions,
    peer: option(oneOf(peers), {
      help: 'compare infer, train, pictures (by turns) and train-memory with it, in the same run',
    }),
    python: option(text, { default: 'python3', help: 'a Python that has torch and torchvision' }),
  },
  run: async ({ what, engine, device, peer, python }) => {
    const { runBench, benchText } = await benchmarks();
    const result = await runBench(what, { engine, device, pytorch: peer === 'pytorch' ? python : null });
    return { json: result, text: benchText(result) };
  },
});

interface Benchmarks {
  runBench(what: string, options: object): Promise<object>;
  benchText(result: object): string;
}

/** @throws InputError in an installed package */
async function benchmarks(): Promise<Benchmarks> {
  const module = new URL('../bench/benches.ts', import.meta.url);
  if (!existsSync(module))
    throw new InputError(
      'benchmarks run in a checkout of the repository, not in an installed package; clone it, and run the command there',
    );
  return (await import(module.href)) as Benchmarks;
}

export default benchCommand;
