/** Mixed precision, emulated on the processor: bfloat16 activations, float32 weights and statistics. */
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { GraphTrainer, writeTrainingGraph } from '../../src/executors/graph/trainer.ts';
import { buildNetwork, paperNetworks } from '../../src/models/networks.ts';
import { optimizerDefaults } from '../../src/models/optimizer.ts';
import { initialTensors } from '../../src/models/parameters.ts';
import { stream } from '../../src/shared/random.ts';
import { engine, notNative } from './_engines.ts';
import { seededBatch, seededTensors, smallNetworks, stateOf } from './_small.ts';

const mixed = { ...optimizerDefaults, precision: 'mixed' } as const;
const size = 9;

/** One step: the loss, and the gradients by Adam's first moment. */
async function step(
  network: (typeof smallNetworks)[number],
  options: typeof mixed | typeof optimizerDefaults,
) {
  const trainer = new GraphTrainer(engine, network, seededTensors(network, 3), size, options);
  const loss = await trainer.step(seededBatch(4, size, 3, 5), 1e-3, stream(7, 'dropout'));
  const { tensors } = stateOf(trainer);
  trainer.dispose();
  const gradients = [...tensors].filter(([name]) => name.startsWith('adam.m.')).map(([, { data }]) => data);
  return { loss, gradients };
}

/** Of all gradients together, as one vector. */
const distance = (a: Float32Array[], b: Float32Array[]): number => {
  const squares = (of: (i: number, j: number) => number): number =>
    a.reduce((sum, data, i) => sum + data.reduce((s, _, j) => s + of(i, j) ** 2, 0), 0);
  return Math.sqrt(squares((i, j) => a[i]![j]! - b[i]![j]!) / squares((i, j) => b[i]![j]!));
};

describe.skipIf(notNative)(`against float32 ${notNative ?? ''}`, () => {
  // bfloat16 keeps 8 bits: its unit roundoff is 2^-9, about 0.002.
  test.each(smallNetworks.map((network) => [network.name, network] as const))('%s', async (_, network) => {
    const [exact, rounded] = [await step(network, optimizerDefaults), await step(network, mixed)];
    expect(rounded.loss).not.toBe(exact.loss);
    expect(Math.abs(rounded.loss / exact.loss - 1)).toBeLessThan(0.02);
    expect(distance(rounded.gradients, exact.gradients)).toBeLessThan(0.15);
  });

  test('a network learns in it: the loss falls as in float32', async () => {
    const network = smallNetworks[0]!;
    const losses = async (options: typeof mixed | typeof optimizerDefaults) => {
      const trainer = new GraphTrainer(engine, network, seededTensors(network, 3), size, options);
      let last = 0;
      for (let i = 0; i < 30; i++)
        last = await trainer.step(seededBatch(4, size, 3, 5), 1e-2, stream(i, 'd'));
      trainer.dispose();
      return last;
    };
    const [exact, rounded] = [await losses(optimizerDefaults), await losses(mixed)];
    expect(Math.abs(rounded - exact)).toBeLessThan(0.1 * exact + 1e-3);
  });
});

interface NodeDef {
  getName(): string;
  getOp(): string;
  getAttrMap(): { get(key: string): { getType(): number } | undefined };
}

describe.each(paperNetworks)('the graph of %s', (net) => {
  const nodesOf = (options: typeof mixed | typeof optimizerDefaults): NodeDef[] => {
    const { GraphDef } = createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js');
    const network = buildNetwork(net, 3);
    initialTensors(network, 1);
    const bytes = writeTrainingGraph(network, 64, options, false).bytes();
    return GraphDef.deserializeBinary(bytes).getNodeList();
  };
  const typed = (nodes: NodeDef[], type: number) =>
    nodes.filter((node) => node.getAttrMap().get('T')?.getType() === type).map((node) => node.getOp());
  const bfloat16 = 14;

  test('convolutions, batch norms and activations are bfloat16, forward and backward', () => {
    const nodes = nodesOf(mixed);
    const float = new Set(typed(nodes, 1));
    const half = new Set(typed(nodes, bfloat16));
    for (const op of [
      'Conv2D',
      'Conv2DBackpropFilter',
      'Conv2DBackpropInput',
      'FusedBatchNormV3',
      'FusedBatchNormGradV3',
    ]) {
      expect(half.has(op), op).toBe(true);
      expect(float.has(op), op).toBe(false);
    }
    for (const op of ['MatMul', 'Sigmoid', 'ResourceApplyAdam']) expect(half.has(op), op).toBe(false);
  });

  test('variables are float32, and a graph of float32 has no bfloat16', () => {
    const variables = nodesOf(mixed).filter((node) => node.getOp() === 'VarHandleOp');
    expect(variables.every((node) => node.getAttrMap().get('dtype')!.getType() === 1)).toBe(true);
    expect(typed(nodesOf(optimizerDefaults), bfloat16)).toEqual([]);
  });
});
