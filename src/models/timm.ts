/**
 * timm's names (github.com/huggingface/pytorch-image-models) in torchvision's. Its `resnet18` has torchvision's
 * own; its `mobilenetv2_100` is the same network in stages: `blocks.<stage>.<repeat>.<part>`.
 */

/** Repeats of the seven stages: torchvision counts the blocks through, from features.1. */
const repeats = [1, 2, 3, 4, 3, 3, 1];

const ends = new Map([
  ['conv_stem', 'features.0.0'],
  ['bn1', 'features.0.1'],
  ['conv_head', 'features.18.0'],
  ['bn2', 'features.18.1'],
  ['classifier', 'classifier.1'],
]);
/** The first block has no expansion, so its parts are numbered otherwise. */
const firstBlock = new Map([
  ['conv_dw', '0.0'],
  ['bn1', '0.1'],
  ['conv_pw', '1'],
  ['bn2', '2'],
]);
const otherBlocks = new Map([
  ['conv_pw', '0.0'],
  ['bn1', '0.1'],
  ['conv_dw', '1.0'],
  ['bn2', '1.1'],
  ['conv_pwl', '2'],
  ['bn3', '3'],
]);

/** A name of timm's mobilenetv2_100 in torchvision's; any other name as it is. */
export function mobilenetv2FromTimm(name: string): string {
  const [, layer = '', value] = /^(\w+)\.(\w+)$/.exec(name) ?? [];
  const end = ends.get(layer);
  return end === undefined ? blockFromTimm(name) : `${end}.${value}`;
}

function blockFromTimm(name: string): string {
  const found = /^blocks\.([0-6])\.(\d+)\.(\w+)\.(\w+)$/.exec(name);
  if (!found) return name;
  const [stage, repeat] = [Number(found[1]), Number(found[2])];
  const part = (stage === 0 ? firstBlock : otherBlocks).get(found[3]!);
  if (part === undefined || repeat >= repeats[stage]!) return name;
  const index = repeats.slice(0, stage).reduce((a, b) => a + b, 1) + repeat;
  return `features.${index}.conv.${part}.${found[4]}`;
}
