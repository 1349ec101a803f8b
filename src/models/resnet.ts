/**
 * Residual networks of basic blocks (He, Zhang, Ren, Sun 2016, arXiv 1512.03385, Table 1) as torchvision
 * defines them: a 7x7 stem, four stages of blocks (two 3x3 convolutions each), global mean, one linear layer.
 */
import type { Layer, Network } from './network.ts';

/** torchvision's `resnet18`; the backbone has 11,176,512 parameters. */
export const resnet18 = (outputs: number): Network => resnet('resnet18', [2, 2, 2, 2], outputs);

/** torchvision's `resnet34`; the backbone has 21,284,672 parameters. */
export const resnet34 = (outputs: number): Network => resnet('resnet34', [3, 4, 6, 3], outputs);

const widths = [64, 128, 256, 512];

/** @param repeats blocks of each stage */
function resnet(name: string, repeats: readonly number[], outputs: number): Network {
  const stem: Layer[] = [
    { kind: 'conv', name: 'conv1', in: 3, out: 64, size: 7, stride: 2, pad: 3 },
    { kind: 'batchNorm', name: 'bn1', channels: 64 },
    { kind: 'relu' },
    { kind: 'maxPool', size: 3, stride: 2, pad: 1 },
  ];
  const blocks = widths.flatMap((width, stage) =>
    Array.from({ length: repeats[stage]! }, (_, i) => {
      const first = i === 0 && stage > 0;
      const input = first ? widths[stage - 1]! : width;
      return basicBlock(`layer${stage + 1}.${i}`, input, width, first ? 2 : 1);
    }).flat(),
  );
  const head: Layer[] = [
    { kind: 'globalPool' },
    { kind: 'linear', name: 'fc', in: 512, out: outputs, init: 'uniform' },
  ];
  return { name, layers: [...stem, ...blocks, ...head], outputs, head: 'fc.' };
}

function basicBlock(name: string, input: number, width: number, stride: number): Layer[] {
  const main: Layer[] = [
    { kind: 'conv', name: `${name}.conv1`, in: input, out: width, size: 3, stride, pad: 1 },
    { kind: 'batchNorm', name: `${name}.bn1`, channels: width },
    { kind: 'relu' },
    { kind: 'conv', name: `${name}.conv2`, in: width, out: width, size: 3, stride: 1, pad: 1 },
    { kind: 'batchNorm', name: `${name}.bn2`, channels: width },
  ];
  const projection: Layer[] = [
    { kind: 'conv', name: `${name}.downsample.0`, in: input, out: width, size: 1, stride, pad: 0 },
    { kind: 'batchNorm', name: `${name}.downsample.1`, channels: width },
  ];
  const shortcut = stride === 1 && input === width ? [] : projection;
  return [{ kind: 'residual', main, shortcut }, { kind: 'relu' }];
}
