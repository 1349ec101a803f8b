/** Trains, restores and predicts on the graph runner of a folder: `_runner-process.ts ADDONS LIBRARY`. */
import type { Engine } from '../../src/engine/engine.ts';
import { loadRunner } from '../../src/engine/runner.ts';
import { createInference, createTrainer } from '../../src/executors/executors.ts';
import { buildNetwork } from '../../src/models/networks.ts';
import { initialTensors } from '../../src/models/parameters.ts';
import { stream } from '../../src/shared/random.ts';
import { seededBatch } from '../executors/_small.ts';

const [addons, library] = process.argv.slice(2) as [string, string];
const native = loadRunner({ addons, library });
const engine = { name: 'tensorflow', native } as unknown as Engine;
const network = buildNetwork('mobilenetv2', 3);
const initial = initialTensors(network, 1);
const batch = seededBatch(4, 32, 3, 1);
const trainer = createTrainer(engine, network, initial, 32);
for (let round = 0; round < 2; round++) {
  trainer.restore({ tensors: initial, steps: 0 });
  for (let step = 0; step < 2; step++) await trainer.step(batch, 1e-3, stream(step, 'dropout'));
}
for (const { name } of trainer.variables) trainer.read(name);
const inference = createInference(engine, network, initial, 32);
await inference.predict(batch.x, 4);
trainer.dispose();
inference.dispose();
