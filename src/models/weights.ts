/** Weights between our layout and PyTorch's, under torchvision's names. */
import { InputError } from '../shared/errors.ts';
import type { Network } from './network.ts';
import { inverseAxes, parametersOf, type Tensors, transpose } from './parameters.ts';

/** Parameters and statistics in PyTorch's layout (OIHW kernels, [out, in] matrices). */
export function toTorch(network: Network, tensors: Tensors): Tensors {
  return new Map(
    parametersOf(network).map(({ name, torchAxes }) => {
      const tensor = tensors.get(name)!;
      return [name, torchAxes ? transpose(tensor, torchAxes) : tensor];
    }),
  );
}

/**
 * The same read back. Names that the network does not have (a counter such as num_batches_tracked) are left.
 * @throws InputError that lists what is missing or has another shape
 */
export function fromTorch(network: Network, tensors: Tensors): Tensors {
  const wrong: string[] = [];
  const converted = parametersOf(network).map(({ name, shape, torchAxes }) => {
    const tensor = tensors.get(name);
    const expected = torchAxes ? torchAxes.map((axis) => shape[axis]) : shape;
    if (!tensor || tensor.shape.join() !== expected.join()) {
      wrong.push(tensor ? `${name} is [${tensor.shape}] instead of [${expected}]` : `${name} is missing`);
      return [name, { shape, data: new Float32Array() }] as const;
    }
    return [name, torchAxes ? transpose(tensor, inverseAxes(torchAxes)) : tensor] as const;
  });
  if (wrong.length > 0)
    throw new InputError(
      `these weights are not of ${network.name} with ${network.outputs} outputs: ${summary(wrong)}`,
    );
  return new Map(converted);
}

const summary = (lines: string[]): string =>
  lines.length > 5 ? `${lines.slice(0, 5).join(', ')} and ${lines.length - 5} more` : lines.join(', ');
