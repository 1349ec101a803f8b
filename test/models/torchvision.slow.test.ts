/** Both networks against torchvision's own: test/vectors/networks.py says how its figures were made. */
import { describe, expect, test } from 'vitest';
import { GraphInference } from '../../src/executors/graph/inference.ts';
import { GraphTrainer } from '../../src/executors/graph/trainer.ts';
import { type Network, withDropout } from '../../src/models/network.ts';
import { buildNetwork } from '../../src/models/networks.ts';
import { parametersOf, sizeOf, type Tensors, transpose } from '../../src/models/parameters.ts';
import { fromTorch } from '../../src/models/weights.ts';
import { stream } from '../../src/shared/random.ts';
import { engine, notNative } from '../executors/_engines.ts';
import { stateOf } from '../executors/_small.ts';
import vectors from '../vectors/networks.json' with { type: 'json' };

const wave = (n: number, phase: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(i * 0.7390851332 + phase));

/** The formula of networks.py, in PyTorch's layout and order (which is ours: torchvision's state_dict). */
function formulaTensors(network: Network): Tensors {
  const torch = parametersOf(network).map(({ name, shape, torchAxes }, k) => {
    const torchShape = torchAxes ? torchAxes.map((axis) => shape[axis]!) : [...shape];
    const n = sizeOf(shape);
    const scale = Math.sqrt(2 / (n / torchShape[0]!));
    const positive = name.endsWith('running_var') || (shape.length === 1 && name.endsWith('weight'));
    const data = Float32Array.from(wave(n, 0.1 * k), (w) =>
      positive ? 1 + 0.25 * w : shape.length === 1 ? 0.1 * w : w * scale,
    );
    return [name, { shape: torchShape, data }] as const;
  });
  return fromTorch(network, new Map(torch));
}

/** torchvision's state_dict lists a downsampling branch after the block's convolutions, as our walk does. */
const order = (network: Network): string[] =>
  parametersOf(network)
    .filter((s) => s.trainable)
    .map((s) => s.name);

const distance = (a: ArrayLike<number>, b: readonly number[]): number =>
  Math.sqrt(b.reduce((sum, v, i) => sum + (a[i]! - v) ** 2, 0) / b.reduce((sum, v) => sum + v * v, 0));

describe.skipIf(notNative).each(vectors.cases)(
  `$name at $size ${notNative ?? ''}`,
  ({ name, size, names, f64, f32 }) => {
    const network = buildNetwork(name.replace('_', ''), 3);
    const tensors = formulaTensors(network);
    const x = Float32Array.from(wave(2 * 3 * size * size, 0.3), (w) => 0.5 + 0.5 * w);
    const y = Float32Array.of(0.1, 0.5, 0.9, 0.3, 0.2, 0.7);
    // networks.py sets the rate to 0, too.
    const trainer = notNative ? null : new GraphTrainer(engine, withDropout(network, 0), tensors, size);

    test('the parameters have torchvision’s names, in its order', () => {
      expect(order(network)).toEqual(names);
    });

    test('outputs equal torchvision’s within 1e-6', async () => {
      const inference = new GraphInference(engine, network, tensors, size);
      const twice = Float32Array.from({ length: 2 * x.length }, (_, i) => x[i % x.length]!); // batches of 4: minimal filtering
      for (const outputs of [inference.predict(x, 2), inference.predict(twice, 4), trainer!.predict(x, 2)])
        (await outputs).forEach((v, i) => {
          expect(Math.abs(v - f64.outputs[i % 6]!)).toBeLessThan(1e-6);
        });
      inference.dispose();
    });

    test('loss, statistics and gradients of a step: at most five times as far from float64 as PyTorch float32 is', async () => {
      const loss = await trainer!.step({ x, y, count: 2 }, 1e-3, stream(1, 'none'));
      const state = stateOf(trainer!).tensors;
      expect(Math.abs(loss - f64.loss)).toBeLessThanOrEqual(5 * Math.abs(f32.loss - f64.loss) + 1e-7);
      const statistic = (part: string): Float32Array =>
        [...state].find(([key]) => key.endsWith(part))![1].data;
      expect(distance(statistic('running_mean'), f64.runningMean)).toBeLessThan(1e-6);
      expect(distance(statistic('running_var'), f64.runningVar)).toBeLessThan(1e-6);
      expect(distance(projections(state), f64.gradients)).toBeLessThan(
        5 * distance(f32.gradients, f64.gradients),
      );
      trainer!.dispose();
    });

    /** Scalar products of the gradients with the wave, in PyTorch's layout; Adam's first moment is 0.1 of them. */
    function projections(state: Tensors): number[] {
      return parametersOf(network)
        .filter((spec) => spec.trainable)
        .map(({ name: key, torchAxes }) => {
          const moment = state.get(`adam.m.${key}`)!;
          const { data } = torchAxes ? transpose(moment, torchAxes) : moment;
          const weights = wave(data.length, 0.2);
          return data.reduce((sum, v, i) => sum + (v / 0.1) * weights[i]!, 0);
        });
    }
  },
);
