/** ResNet-18 as torchvision's `resnet18`: two basic blocks a stage. The backbone has 11,176,512 parameters. */
import { resnet } from './_resnet.ts';
import type { Network } from './network.ts';

export const resnet18 = (outputs: number): Network => resnet('resnet18', [2, 2, 2, 2], outputs);
