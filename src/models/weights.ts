/** Weights between our layout and PyTorch's, under torchvision's names. */
import { InputError } from '../shared/errors.ts';
import type { Network } from './network.ts';
import { inverseAxes, parametersOf, type Tensor, type Tensors, transpose } from './parameters.ts';

/** The network's parameters and statistics among the tensors, in PyTorch's layout (OIHW kernels, [out, in] matrices). */
export function toTorch(network: Network, tensors: Tensors): Tensors {
  const known = parametersOf(network).filter(({ name }) => tensors.has(name));
  return new Map(
    known.map(({ name, torchAxes }) => {
      const tensor = tensors.get(name)!;
      return [name, torchAxes ? transpose(tensor, torchAxes) : tensor];
    }),
  );
}

/** Comparison of a file's tensors with a network's. */
export interface Fit {
  /** Those that agree, in our layout. */
  readonly tensors: Tensors;
  /** Names that the file lacks. */
  readonly missing: readonly string[];
  readonly reshaped: readonly Reshaped[];
  /** Names that the network does not have. */
  readonly extra: readonly string[];
}

export interface Reshaped {
  readonly name: string;
  /** Both in PyTorch's layout. */
  readonly found: readonly number[];
  readonly expected: readonly number[];
}

/** PyTorch's batch norms count their batches. The count is not used. */
const isCounter = (name: string): boolean => name.endsWith('num_batches_tracked');

/** @param given tensors in PyTorch's layout under torchvision's names */
export function fitWeights(network: Network, given: Tensors): Fit {
  const tensors = new Map<string, Tensor>();
  const missing: string[] = [];
  const reshaped: Reshaped[] = [];
  const specs = parametersOf(network);
  for (const { name, shape, torchAxes } of specs) {
    const tensor = given.get(name);
    const expected = torchAxes ? torchAxes.map((axis) => shape[axis]!) : shape;
    if (!tensor) missing.push(name);
    else if (tensor.shape.join() !== expected.join()) reshaped.push({ name, found: tensor.shape, expected });
    else tensors.set(name, torchAxes ? transpose(tensor, inverseAxes(torchAxes)) : tensor);
  }
  const known = new Set(specs.map(({ name }) => name));
  const extra = [...given.keys()].filter((name) => !known.has(name) && !isCounter(name));
  return { tensors, missing, reshaped, extra };
}

/**
 * The weights of a whole network. Tensors of other names are ignored.
 * @throws InputError that lists missing tensors and wrong shapes
 */
export function fromTorch(network: Network, given: Tensors): Tensors {
  const fit = fitWeights(network, given);
  const wrong = faultsOf(fit);
  if (wrong.length > 0)
    throw new InputError(
      `these weights are not of ${network.name} with ${network.outputs} outputs: ${summary(wrong)}`,
    );
  return fit.tensors;
}

/** Sentence that lists missing tensors and wrong shapes. */
export const faultsOf = ({ missing, reshaped }: Pick<Fit, 'missing' | 'reshaped'>): string[] => [
  ...missing.map((name) => `${name} is missing`),
  ...reshaped.map(({ name, found, expected }) => `${name} is [${found}] instead of [${expected}]`),
];

/** The first five lines, and the number of the others. */
export const summary = (lines: readonly string[]): string =>
  lines.length > 5 ? `${lines.slice(0, 5).join(', ')} and ${lines.length - 5} more` : lines.join(', ');
