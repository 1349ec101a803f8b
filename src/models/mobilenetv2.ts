/**
 * MobileNetV2 (Sandler et al. 2018, arXiv 1801.04381, Table 2) as torchvision's `mobilenet_v2` defines it:
 * inverted residuals (1x1 expansion, 3x3 depthwise, linear 1x1 projection), dropout 0.2, one linear layer.
 * The backbone has 2,223,872 parameters.
 */
import type { Layer, Network } from './network.ts';
import { mobilenetv2FromTimm } from './timm.ts';

/** Expansion t, output channels c, repeats n, stride s of the first. */
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

export function mobilenetv2(outputs: number): Network {
  const layers: Layer[] = [...convNormRelu('features.0', 3, 32, 3, 2)];
  let channels = 32;
  let index = 1;
  for (const [t, c, n, s] of stages)
    for (let i = 0; i < n; i++) {
      layers.push(...invertedResidual(`features.${index++}.conv`, channels, c, t, i === 0 ? s : 1));
      channels = c;
    }
  layers.push(...convNormRelu('features.18', channels, 1280, 1, 1), ...head(outputs));
  return { name: 'mobilenetv2', layers, outputs, head: 'classifier.', rename: mobilenetv2FromTimm };
}

const head = (outputs: number): Layer[] => [
  { kind: 'globalPool' },
  { kind: 'dropout', name: 'classifier.0', channels: 1280, rate: 0.2 },
  { kind: 'linear', name: 'classifier.1', in: 1280, out: outputs, init: 'normal' },
];

function convNormRelu(name: string, input: number, out: number, size: number, stride: number): Layer[] {
  return [
    { kind: 'conv', name: `${name}.0`, in: input, out, size, stride, pad: (size - 1) / 2 },
    { kind: 'batchNorm', name: `${name}.1`, channels: out },
    { kind: 'relu6' },
  ];
}

/** torchvision numbers the block's parts from 0; without an expansion (t = 1) the depthwise part is 0. */
function invertedResidual(name: string, input: number, out: number, t: number, stride: number): Layer[] {
  const hidden = input * t;
  const expansion = t === 1 ? [] : convNormRelu(`${name}.0`, input, hidden, 1, 1);
  const at = t === 1 ? 0 : 1;
  const main: Layer[] = [
    ...expansion,
    { kind: 'depthwise', name: `${name}.${at}.0`, channels: hidden, size: 3, stride, pad: 1 },
    { kind: 'batchNorm', name: `${name}.${at}.1`, channels: hidden },
    { kind: 'relu6' },
    { kind: 'conv', name: `${name}.${at + 1}`, in: hidden, out, size: 1, stride: 1, pad: 0 },
    { kind: 'batchNorm', name: `${name}.${at + 2}`, channels: out },
  ];
  return stride === 1 && input === out ? [{ kind: 'residual', main, shortcut: [] }] : main;
}
