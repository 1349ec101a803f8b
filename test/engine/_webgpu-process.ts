/** What WebGPU computes, beside `cpu`, printed as JSON: run by webgpu.test.ts in a process of its own. */

import { type Engine, openEngine } from '../../src/engine/engine.ts';
import { cardForAuto } from '../../src/engine/webgpu.ts';
import { EagerTrainer } from '../../src/executors/eager/trainer.ts';
import type { Layer, Network } from '../../src/models/network.ts';
import { buildNetwork } from '../../src/models/networks.ts';
import { initialTensors, type Tensors } from '../../src/models/parameters.ts';
import { messageOf } from '../../src/shared/errors.ts';
import { stream } from '../../src/shared/random.ts';
import { seededBatch, seededTensors, smallNetworks } from '../executors/_small.ts';

/** Everything that one network gives on one engine. */
export interface Given {
  readonly loss: number;
  readonly gradients: number[][];
  readonly statistics: number[][];
  /** Losses of some steps. */
  readonly losses: number[];
  readonly predicted: number[];
}
export interface Answer {
  readonly device: string;
  readonly auto: string;
  readonly cases: { readonly name: string; readonly webgpu: Given; readonly cpu: Given }[];
  /** Outputs of MobileNetV2; null without MEDCHAOS_TEST_WEBGPU. */
  readonly whole: { readonly webgpu: number[]; readonly cpu: number[] } | null;
  readonly tooLarge: string;
  /** TensorFlow.js tensors left. */
  readonly tensors: number;
  readonly navigator: string;
}

const before = typeof Reflect.get(globalThis, 'navigator'); // Node 20 has none
const webgpu = await openEngine('webgpu');
const { tf } = webgpu;

async function on<T>(name: 'webgpu' | 'cpu', work: (engine: Engine) => Promise<T>): Promise<T> {
  await tf.setBackend(name);
  return work(name === 'webgpu' ? webgpu : { ...webgpu, name, fault: () => null });
}

async function given(engine: Engine, network: Network, tensors: Tensors, size: number, steps: number) {
  const trainer = new EagerTrainer(engine, network, tensors, size);
  const first = await trainer.gradients(seededBatch(4, size, 3, 5), stream(7, 'dropout'));
  const predicted = await trainer.predict(seededBatch(4, size, 3, 6).x, 4);
  const losses: number[] = [];
  for (let n = 0; n < steps; n++)
    losses.push(await trainer.step(seededBatch(4, size, 3, n), 1e-3, stream(n, 'dropout')));
  const statistics = first.statistics.flatMap(([, { mean, variance }]) => [[...mean], [...variance]]);
  const gradients = first.gradients.map((g) => [...g!]);
  return { loss: first.loss, gradients, statistics, losses, predicted: [...predicted] };
}

async function beside(name: string, network: Network, tensors: Tensors, size: number, steps: number) {
  const run = (engine: Engine) => given(engine, network, tensors, size, steps);
  return { name, webgpu: await on('webgpu', run), cpu: await on('cpu', run) };
}

/** One activation is 2 GiB, more than a card's largest buffer. */
async function tooLarge(): Promise<string> {
  const conv: Layer = { kind: 'conv', name: 'c', in: 3, out: 512, size: 1, stride: 1, pad: 0 };
  const head: Layer = { kind: 'linear', name: 'fc', in: 512, out: 3, init: 'uniform' };
  const network: Network = {
    name: 'wide',
    layers: [conv, { kind: 'globalPool' }, head],
    outputs: 3,
    head: 'fc.',
  };
  const trainer = new EagerTrainer(webgpu, network, initialTensors(network, 1), 128);
  return trainer.step(seededBatch(64, 128, 3, 1), 1e-3, stream(1, 'd')).then(() => 'held', messageOf);
}

const cases: Answer['cases'] = [];
for (const network of smallNetworks) {
  // An odd side: a stride leaves a rest. Three steps with the network that has most kinds of layer.
  const steps = network.name.startsWith('residual') ? 3 : 0;
  cases.push(await beside(network.name, network, seededTensors(network, 3), 9, steps));
}
const net = buildNetwork('mobilenetv2', 3);
const outputs = async (engine: Engine) => [
  ...(await new EagerTrainer(engine, net, initialTensors(net, 1), 32).predict(seededBatch(2, 32, 3, 8).x, 2)),
];
const whole = process.env.MEDCHAOS_TEST_WEBGPU
  ? { webgpu: await on('webgpu', outputs), cpu: await on('cpu', outputs) }
  : null;
const { numTensors: tensors } = tf.memory();
const found = await cardForAuto();
await tf.setBackend('webgpu');
const answer: Answer = {
  device: webgpu.device,
  auto: 'why' in found ? found.why : `takes ${found.card.name}`,
  cases,
  whole,
  tooLarge: await tooLarge(),
  tensors,
  navigator: `${before} ${typeof Reflect.get(globalThis, 'navigator')}`,
};
process.stdout.write(`\n${JSON.stringify(answer)}`);
