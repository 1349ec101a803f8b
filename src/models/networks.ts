/** The networks by name. A new one is a file beside these and a line here. */
import { InputError } from '../shared/errors.ts';
import { mobilenetv2 } from './mobilenetv2.ts';
import type { Network } from './network.ts';
import { resnet18, resnet34 } from './resnet.ts';

export const networks = {
  resnet18,
  mobilenetv2,
  resnet34,
} satisfies Record<string, (outputs: number) => Network>;

export type NetworkName = keyof typeof networks;

export const networkNames = Object.keys(networks) as NetworkName[];

/** The two that the paper predicts chaotic parameters with. */
export const paperNetworks = ['resnet18', 'mobilenetv2'] as const satisfies NetworkName[];

/** @throws InputError that lists the known names */
export function buildNetwork(name: string, outputs: number): Network {
  if (Object.hasOwn(networks, name)) return networks[name as NetworkName](outputs);
  throw new InputError(`"net" expected ${networkNames.join(' or ')}, got ${name}`);
}
