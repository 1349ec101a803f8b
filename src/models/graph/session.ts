/** A written graph, loaded into TensorFlow through the addon's SavedModel door and run by names. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs';
import type { Engine } from '../engine/index.ts';
import type { GraphWriter } from './writer.ts';

export interface Feed {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

export class GraphSession {
  readonly #engine: Engine;
  readonly #id: number;

  /** @param engine a native one */
  constructor(engine: Engine, graph: GraphWriter) {
    this.#engine = engine;
    const folder = mkdtempSync(join(tmpdir(), 'medchaos-graph-'));
    try {
      writeFileSync(join(folder, 'saved_model.pb'), graph.bytes());
      this.#id = engine.native!.binding.loadSavedModel(folder, 'serve');
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** Feeds placeholders by name and fetches float32 nodes by name, in their order. */
  run(feeds: Readonly<Record<string, Feed>>, fetches: readonly string[]): Float32Array[] {
    const { tf, native } = this.#engine;
    const { binding } = native!;
    const names = Object.keys(feeds).map((name) => `${name}:0`);
    const inputs = Object.values(feeds).map(({ data, shape }) => tf.tensor(data, [...shape], 'float32'));
    const wanted = fetches.map((name) => `${name}:0`).join(',');
    let outputs: Tensor[] = [];
    try {
      const ids = native!.getInputTensorIds(inputs);
      outputs = binding
        .runSavedModel(this.#id, ids, names.join(','), wanted)
        .map((meta) => native!.createOutputTensor(meta));
      return outputs.map((tensor) => tensor.dataSync() as Float32Array);
    } finally {
      tf.dispose([inputs, outputs]);
    }
  }

  dispose(): void {
    this.#engine.native!.binding.deleteSavedModel(this.#id);
  }
}
