/** ResNet-34 as torchvision's `resnet34`: 3, 4, 6 and 3 basic blocks. The backbone has 21,284,672 parameters. */
import { resnet } from './_resnet.ts';
import type { Network } from './network.ts';

export const resnet34 = (outputs: number): Network => resnet('resnet34', [3, 4, 6, 3], outputs);
