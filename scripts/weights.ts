/** `weights`: networks from PyTorch, torchvision and timm in, trained networks out. */

import { defaultMap, mapNames } from '../src/chaos/maps.ts';
import { InputError } from '../src/shared/errors.ts';
import { option, type ValuesOf } from '../src/shared/option.ts';
import { oneOf } from '../src/shared/schema.ts';
import { exportFormats } from '../src/training/weights.ts';
import { type CommandResult, command } from './_command.ts';
import { forceOption, optional, text } from './_options.ts';

/** The functions stand below. */
const actions = { import: bringIn, export: takeOut };
const actionNames = Object.keys(actions) as (keyof typeof actions)[];

const options = {
  net: option(text, { default: 'resnet18', help: 'import: the network that the file is of' }),
  map: option(oneOf(mapNames), { default: defaultMap, help: 'import: the map, which decides the outputs' }),
  format: option(oneOf(exportFormats), {
    default: 'safetensors',
    help: 'export: for PyTorch, or a TensorFlow.js LayersModel (model.json, weights.bin)',
  }),
  out: optional('the file to write; for tfjs the folder; import needs none'),
  ...forceOption,
};
type Values = ValuesOf<typeof options> & { readonly path: string };

const weightsCommand = command({
  examples: [
    ['weights import resnet18.safetensors --net resnet18', 'how a file fits a network'],
    ['weights export RUN --out net.safetensors', 'a trained network for PyTorch'],
  ],
  positionals: {
    action: option(oneOf(actionNames), {
      required: true,
      help: 'import: how a .safetensors file fits a network; export: weights that a run has learned',
    }),
    path: option(text, { required: true, help: 'import: the file; export: folder or id of the run' }),
  },
  options,
  run: ({ action, ...values }) => actions[action](values),
});
export default weightsCommand;

async function bringIn({ path: file, out, ...options }: Values): Promise<CommandResult> {
  const { importFile } = await import('../src/training/weights.ts');
  const report = await importFile({ ...options, file, out });
  const next = `next: npm run train -- --net ${options.net} --map ${options.map} --init ${out ?? file}`;
  return { json: { ...report, out: out ?? null }, text: [...report.lines, next].join('\n') };
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
