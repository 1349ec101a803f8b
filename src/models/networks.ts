/** The networks by name. A new one is a file beside these and a line here. */
import { InputError } from '../shared/errors.ts';
import { mobilenetv2 } from './mobilenetv2.ts';
import type { Network } from './network.ts';
import { resnet18 } from './resnet18.ts';

export const networks = { resnet18, mobilenetv2 } satisfies Record<string, (outputs: number) => Network>;

/** @throws InputError that lists the known names */
export function buildNetwork(name: string, outputs: number): Network {
  const build = (networks as Record<string, (outputs: number) => Network>)[name];
  if (build) return build(outputs);
  throw new InputError(`"net" expected ${Object.keys(networks).join(' or ')}, got ${name}`);
}
