/** `weights`: networks from PyTorch, torchvision and timm in, trained networks out. */

import { statSync } from 'node:fs';
import { defaultMap, mapNames } from '../src/chaos/maps.ts';
import { InputError } from '../src/shared/errors.ts';
import { option, type ValuesOf } from '../src/shared/option.ts';
import { oneOf } from '../src/shared/schema.ts';
import { exportFormats } from '../src/training/weights.ts';
import { type CommandResult, command } from './_command.ts';
import { forceOption, optional, text } from './_options.ts';

/** The functions stand below. */
const actions = { import: bringIn, export: takeOut, publish: makePublic };
const actionNames = Object.keys(actions) as (keyof typeof actions)[];

const options = {
  net: option(text, { default: 'resnet18', help: 'import: the network that the file is of' }),
  map: option(oneOf(mapNames), { default: defaultMap, help: 'import: the map, which decides the outputs' }),
  format: option(oneOf(exportFormats), {
    default: 'safetensors',
    help: 'export: for PyTorch, or a TensorFlow.js LayersModel (model.json, weights.bin)',
  }),
  licence: option(text, { default: 'mit', help: 'publish: the licence, as hubs name it' }),
  out: optional(
    'export: the file to write, for tfjs the folder; publish: the folder; import: none, or of a published folder the run folder',
  ),
  ...forceOption,
};
type Values = ValuesOf<typeof options> & { readonly path: string };

const weightsCommand = command({
  examples: [
    ['weights import resnet18.safetensors --net resnet18', 'how a file fits a network'],
    ['weights export RUN --out net.safetensors', 'a trained network for PyTorch'],
    ['weights publish RUN --out network', 'a folder for a hub: weights, config, card'],
    ['weights import network', 'a published folder as a run again'],
  ],
  positionals: {
    action: option(oneOf(actionNames), {
      required: true,
      help:
        'import: how a .safetensors file fits a network, or a published folder as a run; export: weights that a run ' +
        'has learned; publish: a run as a folder for a hub',
    }),
    path: option(text, {
      required: true,
      help: 'import: the file or folder; else folder or id of the run; publish: of a sweep its best cell',
    }),
  },
  options,
  run: ({ action, ...values }) => actions[action](values),
});
export default weightsCommand;

async function bringIn({ path: file, out, ...options }: Values): Promise<CommandResult> {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) return bringInFolder(file, out);
  const { importFile } = await import('../src/training/weights.ts');
  const report = await importFile({ ...options, file, out });
  const next = `next: npm run train -- --net ${options.net} --map ${options.map} --init ${out ?? file}`;
  return { json: { ...report, out: out ?? null }, text: [...report.lines, next].join('\n') };
}

async function bringInFolder(folder: string, out: string | undefined): Promise<CommandResult> {
  const { importPublished } = await import('../src/training/published/import.ts');
  const { run, config } = await importPublished(folder, out);
  const { nextCommands } = await import('../src/training/training-report.ts');
  const next = [`npm run study -- ${run}`, nextCommands(run, config)[0]].map((line) => `next: ${line}`);
  return { json: { run, config }, text: [`run: ${run}`, ...next].join('\n') };
}

async function makePublic({ path: run, out, licence, force }: Values): Promise<CommandResult> {
  if (out === undefined) throw new InputError('"out" expected a folder, got none; give --out');
  const { publish } = await import('../src/training/published/publish.ts');
  const files = await publish({ run: await trainingIn(run), out, licence, force });
  const next = [`the snippets of ${out}/README.md load it`, `npm run weights -- import ${out}`];
  return { json: { files }, text: [...files, ...next.map((line) => `next: ${line}`)].join('\n') };
}

/** Of a sweep the best cell. */
async function trainingIn(given: string): Promise<string> {
  const { readRun } = await import('../src/runs/find-run.ts');
  const { folder, kind } = await readRun(given);
  if (kind !== 'sweep') return given;
  const { bestCell } = await import('../src/sweep/results.ts');
  return bestCell(folder);
}

async function takeOut({ path: run, out, ...options }: Values): Promise<CommandResult> {
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
