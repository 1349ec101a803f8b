/** `medchaos bench`: how fast, and how much memory, on this machine. */

import { type BenchName, benchNames, runBench } from '../bench/index.ts';
import { benchText } from '../bench/text.ts';
import type { DeviceName, EngineName } from '../src/engine/names.ts';
import type { Command } from './_command.ts';
import { engineOptions, once, text } from './_options.ts';

interface Options {
  what: BenchName | 'all';
  engine: EngineName;
  device: DeviceName;
  peer?: 'pytorch';
  python: string;
}

const command: Command<Options> = {
  examples: [
    ['bench encrypt', 'one table'],
    ['bench train --peer pytorch --python PATH', 'beside PyTorch'],
  ],
  builder: (yargs) =>
    yargs
      .positional('what', {
        choices: [...benchNames, 'all'] as const,
        demandOption: true,
        describe:
          'encrypt, linear, nist, metrics: in memory; attack: key recovery; peers: throughput on all cores beside other ciphers; file: file to file; memory: peak; data: images of a folder, manifests; train-memory: of training; batches: training data; infer, train: networks',
      })
      .options(engineOptions)
      .option('peer', {
        choices: ['pytorch'] as const,
        requiresArg: true,
        coerce: once('peer'),
        describe: 'what to compare infer, train (by turns) and train-memory with, in the same run',
      })
      .option('python', {
        ...text('python', 'a Python that has torch and torchvision'),
        default: 'python3',
      }) as never,
  run: async ({ what, engine, device, peer, python }) => {
    const result = await runBench(what, { engine, device, pytorch: peer === 'pytorch' ? python : null });
    return { json: result, text: benchText(result) };
  },
};
export default command;
