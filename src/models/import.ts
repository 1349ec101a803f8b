/**
 * Weights made elsewhere, to start from: .safetensors of torchvision, of timm, or of a run. The backbone must
 * be whole; a head for other outputs (ImageNet's 1000 classes) is left out and starts as a new one does.
 */
import { InputError } from '../shared/errors.ts';
import type { Network } from './network.ts';
import { isOptimizerState } from './optimizer.ts';
import { readSafetensors } from './safetensors.ts';
import { type Fit, faultsOf, fitWeights, summary } from './weights.ts';

/** @throws InputError if a tensor of the backbone is missing or of another shape, listing them */
export async function importWeights(path: string, network: Network): Promise<Fit> {
  const { tensors } = await readSafetensors(path, (name) => !isOptimizerState(name));
  const renamed = [...tensors].map(([name, tensor]) => [torchvisionName(network, name), tensor] as const);
  const fit = fitWeights(network, new Map(renamed));
  const inBackbone = (name: string): boolean => !name.startsWith(network.head);
  const wrong = faultsOf({
    missing: fit.missing.filter(inBackbone),
    reshaped: fit.reshaped.filter(({ name }) => inBackbone(name)),
  });
  if (wrong.length > 0)
    throw new InputError(
      `${path} does not hold the backbone of ${network.name}: ${summary(wrong)}; give the --net that it is of`,
    );
  return fit;
}

/** `module.` is what PyTorch's DataParallel puts before every name. */
const torchvisionName = (network: Network, name: string): string => {
  const bare = name.replace(/^module\./, '');
  return network.rename?.(bare) ?? bare;
};

/** Report of an import: one line for taken, one for ignored tensors. */
export function importLines({ tensors, missing, reshaped, extra }: Fit): string[] {
  const left = [
    ...faultsOf({ missing, reshaped }).map((fault) => `${fault}: starts as a new one`),
    ...extra.map((name) => `${name} is extra: left out`),
  ];
  return [`${tensors.size} tensors taken`, ...left];
}
