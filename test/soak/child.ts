/** One short training as a process of its own: steps, a restored state, predictions, sometimes an end amid a step. */
import { openEngine } from '../../src/models/engine/index.ts';
import { createInference, createTrainer } from '../../src/models/executors.ts';
import { buildNetwork, paperNetworks } from '../../src/models/networks.ts';
import { initialTensors } from '../../src/models/parameters.ts';
import { stream } from '../../src/shared/random.ts';

const seed = Number(process.argv[2]);
const size = 32;
const batch = 4;
const engine = await openEngine('tensorflow', 'cpu');
const network = buildNetwork(paperNetworks[seed % 2]!, 3);
const initial = initialTensors(network, seed + 1);
const random = stream(seed, 'soak');
const x = Float32Array.from({ length: batch * size * size * 3 }, () => random.next());
const y = Float32Array.from({ length: batch * 3 }, () => random.next());

const trainer = createTrainer(engine, network, initial, size);
for (let round = 0; round < 2; round++) {
  trainer.restore({ tensors: initial, steps: 0 });
  for (let step = 0; step < 3; step++) {
    const loss = await trainer.step({ x, y, count: batch }, 1e-3, random);
    if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}`);
  }
}
const inference = createInference(engine, network, initial, size);
await inference.predict(x, batch);
if (seed % 3 === 0) void trainer.step({ x, y, count: batch }, 1e-3, random);
if (seed % 3 !== 0) for (const each of [trainer, inference]) each.dispose();
process.exit(0);
