/** Both executors' optimisers against PyTorch's: test/vectors/optimizers.py says how its figures were made. */
import { describe, expect, test } from 'vitest';
import { GraphWriter } from '../../src/engine/graph-writer.ts';
import { clipGradients, stepUpdates } from '../../src/executors/eager/optimizers.ts';
import { EagerTrainer } from '../../src/executors/eager/trainer.ts';
import { clipped, graphOptimizers } from '../../src/executors/graph/optimizers.ts';
import { type Feed, GraphSession } from '../../src/executors/graph/session.ts';
import { GraphTrainer } from '../../src/executors/graph/trainer.ts';
import {
  isOptimizerState,
  type OptimizerConfig,
  optimizerDefaults,
  slotsOf,
} from '../../src/models/optimizer.ts';
import { stream } from '../../src/shared/random.ts';
import vectors from '../vectors/optimizers.json' with { type: 'json' };
import { engine, notNative, onBackend, relativeError } from './_engines.ts';
import { seededBatch, seededTensors, smallNetworks, stateOf } from './_small.ts';

const { sizes, rates } = vectors;

const wave = (n: number, phase: number, scale = 1): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => scale * Math.sin(i * 0.7390851332 + phase));

/** The formulas of optimizers.py. */
const initial = (): Float32Array[] => sizes.map((n, k) => wave(n, 0.5 * k));
const gradientsAt = (step: number): Float32Array[] =>
  sizes.map((n, k) => wave(n, 0.9 * step + 0.4 * k, step % 2 ? 0.02 : 1.5));

/** The parameters after each step, by plain arrays. */
function eagerSteps(options: OptimizerConfig): Float32Array[][] {
  const { optimizer, clip } = options;
  const values = initial();
  const slots = values.map(({ length }) => slotsOf[optimizer].map(() => new Float32Array(length)));
  return rates.map((rate, step) => {
    const gradients = gradientsAt(step);
    if (clip !== null) clipGradients(gradients, clip);
    for (const [k, value] of values.entries())
      stepUpdates[optimizer](value, gradients[k]!, slots[k]!, options, rate, step + 1);
    return values.map((value) => value.slice());
  });
}

/** The same by a graph whose gradients are fed. */
function graphSteps(options: OptimizerConfig): Float32Array[][] {
  const { updates, feeds } = graphOptimizers[options.optimizer];
  const g = new GraphWriter();
  const gradients = sizes.map((n, k) => ({
    variable: g.variable(`p${k}`, [n]),
    gradient: g.placeholder(`g${k}`, [n]),
  }));
  g.after(updates(g, clipped(g, gradients, options.clip), options), g.constant(0), 'step');
  g.writeInitialise();
  const session = new GraphSession(engine, g);
  const feed = (data: Float32Array, shape: readonly number[]): Feed => ({ data, shape });
  const starts = [...g.variables.values()].map(({ input, shape }, k): [string, Feed] => [
    input,
    feed(initial()[k] ?? new Float32Array(shape[0]!), shape),
  ]);
  session.run(Object.fromEntries(starts), ['initialise']);
  const after = rates.map((rate, step) => {
    const given = gradientsAt(step).map((data, k): [string, Feed] => [`g${k}`, feed(data, [data.length])]);
    const scalars = Object.entries(feeds(rate, step + 1, options)).map(([name, value]): [string, Feed] => [
      name,
      feed(Float32Array.of(value), []),
    ]);
    session.run(Object.fromEntries([...given, ...scalars]), ['step']);
    return session.run(
      {},
      gradients.map(({ variable }) => variable.value),
    );
  });
  session.dispose();
  return after;
}

const largestDifference = (ours: Float32Array[][], theirs: readonly (readonly number[])[][]): number =>
  Math.max(
    ...theirs.flatMap((step, s) =>
      step.flatMap((tensor, k) => tensor.map((v, i) => Math.abs(ours[s]![k]![i]! - v))),
    ),
  );

describe.each(vectors.cases)('$name: PyTorch’s parameters after each of six steps, within 1e-6', (of) => {
  const options = { ...optimizerDefaults, ...of.options } as OptimizerConfig;

  test('plain arrays', () => {
    expect(largestDifference(eagerSteps(options), of.after)).toBeLessThan(1e-6);
  });

  test.skipIf(notNative)(`graph ${notNative ?? ''}`, () => {
    expect(largestDifference(graphSteps(options), of.after)).toBeLessThan(1e-6);
  });
});

test('clipping gives back the norm before, and leaves gradients within the limit', () => {
  const gradients = [Float32Array.of(3), Float32Array.of(0, 4)];
  expect(clipGradients(gradients, 10)).toBe(5);
  expect(gradients.map((g) => [...g])).toEqual([[3], [0, 4]]);
  clipGradients(gradients, 1);
  expect(Math.hypot(gradients[0]![0]!, gradients[1]![1]!)).toBeCloseTo(1, 5);
});

test('state is told from parameters by name', () => {
  expect(['adam.m.fc.bias', 'adam.v.x', 'sgd.momentum.x'].every(isOptimizerState)).toBe(true);
  expect(['fc.bias', 'layer1.0.bn1.running_var'].some(isOptimizerState)).toBe(false);
});

/** Rates at which three steps change these weights by a few percent. */
const whole: [string, Partial<OptimizerConfig>, number][] = [
  ['adamw', { optimizer: 'adamw', weightDecay: 0.1 }, 1e-3],
  ['sgd', { optimizer: 'sgd', weightDecay: 0.01, clip: 0.05 }, 0.1],
];

describe.skipIf(notNative).each(whole)(`a network trained by %s ${notNative ?? ''}`, (_, given, rate) => {
  const options = { ...optimizerDefaults, ...given };
  const network = smallNetworks[5]!;
  const tensors = seededTensors(network, 3);
  const steps = async (trainer: GraphTrainer | EagerTrainer) => {
    const losses: number[] = [];
    for (const n of [0, 1, 2])
      losses.push(await trainer.step(seededBatch(4, 9, 3, n), rate, stream(n, 'dropout')));
    return { losses, state: stateOf(trainer) };
  };

  test('both executors agree, state included, and go on from each other’s state', async () => {
    const trainer = new GraphTrainer(engine, network, tensors, 9, options);
    const graph = await steps(trainer);
    const eager = await onBackend('cpu', (cpu) => steps(new EagerTrainer(cpu, network, tensors, 9, options)));
    expect([...graph.state.tensors.keys()].sort()).toEqual([...eager.state.tensors.keys()].sort());
    for (const [name, { data }] of eager.state.tensors)
      expect(relativeError(graph.state.tensors.get(name)!.data, data), name).toBeLessThan(1e-3);
    expect(relativeError(graph.losses, eager.losses)).toBeLessThan(1e-5);
    trainer.restore(eager.state);
    const next = await trainer.step(seededBatch(4, 9, 3, 3), rate, stream(3, 'dropout'));
    expect(next).toBeGreaterThan(0);
    trainer.dispose();
  });
});
