/** `weights`: networks from PyTorch, torchvision and timm in, trained networks out. */

import { defaultMap, type MapName, mapNames } from '../src/chaos/maps.ts';
import { InputError } from '../src/shared/errors.ts';
import type { Command, CommandResult } from './_command.ts';
import { once, text } from './_options.ts';

interface Options {
  action: 'import' | 'export';
  path: string;
  net: string;
  map: MapName;
  format: 'safetensors' | 'tfjs';
  out?: string;
  force: boolean;
}

const command: Command<Options> = {
  examples: [
    ['weights import resnet18.safetensors --net resnet18', 'how a file fits a network'],
    ['weights export RUN --out net.safetensors', 'a trained network for PyTorch'],
  ],
  builder: (yargs) =>
    yargs
      .positional('action', {
        choices: ['import', 'export'],
        describe: 'import: how a .safetensors file fits a network; export: what a run has learned',
      })
      .positional('path', { type: 'string', describe: 'import: the file; export: folder or id of the run' })
      .options({
        net: { ...text('net', 'import: the network that the file is of'), default: 'resnet18' },
        map: {
          choices: mapNames,
          default: defaultMap,
          coerce: once('map'),
          describe: 'import: the map, which decides the outputs',
        },
        format: {
          choices: ['safetensors', 'tfjs'] as const,
          default: 'safetensors',
          coerce: once('format'),
          describe: 'export: for PyTorch, or a TensorFlow.js LayersModel (model.json, weights.bin)',
        },
        out: text('out', 'the file to write; for tfjs the folder; import needs none'),
        force: { type: 'boolean', default: false, describe: 'replace existing files' },
      }) as never,
  run: (options) => (options.action === 'import' ? bringIn(options) : takeOut(options)),
};

async function bringIn({ path: file, out, ...options }: Options): Promise<CommandResult> {
  const { importFile } = await import('../src/training/weights.ts');
  const report = await importFile({ ...options, file, out });
  const next = `next: npm run train -- --net ${options.net} --map ${options.map} --init ${out ?? file}`;
  return { json: { ...report, out: out ?? null }, text: [...report.lines, next].join('\n') };
}

async function takeOut({ path: run, out, ...options }: Options): Promise<CommandResult> {
  if (out === undefined)
    throw new InputError('"out" expected a file, or for tfjs a folder, got none; give --out');
  const { exportRun } = await import('../src/training/weights.ts');
  const files = await exportRun({ ...options, run, out });
  const next =
    options.format === 'tfjs'
      ? `next: tf.loadLayersModel on ${files[1]}`
      : `next: model.load_state_dict(safetensors.torch.load_file("${out}"))`;
  return { json: { files }, text: [...files, next].join('\n') };
}

export default command;
