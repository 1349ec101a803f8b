/** One short training as a process of its own: steps, a restored state, predictions, sometimes an end amid a step. */
import { openEngine } from '../../src/engine/engine.ts';
import { createInference, createTrainer } from '../../src/executors/executors.ts';
import { buildNetwork, paperNetworks } from '../../src/models/networks.ts';
import { initialTensors } from '../../src/models/parameters.ts';
import { stream } from '../../src/shared/random.ts';
import { seededBatch, smallNetworks } from '../executors/_small.ts';

const seed = Number(process.argv[2]);
const size = 32;
const engine = await openEngine('tensorflow', 'cpu');
const whole = seed % 5 === 0;
const network = whole
  ? buildNetwork(paperNetworks[(seed / 5) % 2]!, 3)
  : smallNetworks[seed % smallNetworks.length]!;
const initial = initialTensors(network, seed + 1);
const random = stream(seed, 'soak');
const batch = seededBatch(4, size, 3, seed);

const trainer = createTrainer(engine, network, initial, size);
for (let round = 0; round < (whole ? 1 : 10); round++) {
  trainer.restore({ tensors: initial, steps: 0 });
  for (let step = 0; step < 3; step++) {
    const loss = await trainer.step(batch, 1e-3, random);
    if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}`);
  }
}
const inference = createInference(engine, network, initial, size);
await inference.predict(batch.x, batch.count);
if (seed % 3 === 0) void trainer.step(batch, 1e-3, random);
else for (const each of [trainer, inference]) each.dispose();
process.exit(0);
