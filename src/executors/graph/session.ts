/** A written graph, loaded into TensorFlow and run by names. */

import type { Engine } from '../../engine/engine.ts';
import type { GraphWriter } from '../../engine/graph-writer.ts';
import { configBytes, type SessionOptions } from '../../engine/proto.ts';
import type { SessionHandle, Values } from '../../engine/runner.ts';

export interface Feed<V extends Values = Float32Array> {
  readonly data: V;
  readonly shape: readonly number[];
}

export type Feeds = Readonly<Record<string, Feed<Values>>>;

export class GraphSession {
  readonly #runner: NonNullable<Engine['native']>;
  readonly #session: SessionHandle;

  /** @param engine a native one; @param options beside its own */
  constructor({ native }: Engine, graph: GraphWriter, options: SessionOptions = {}) {
    this.#runner = native!;
    this.#session = native!.open(graph.bytes(), configBytes({ ...native!.session, ...options }));
  }

  /** Feeds placeholders by name and fetches float32 nodes by name, in their order. */
  run(feeds: Feeds, fetches: readonly string[]): Float32Array[] {
    return this.#runner.run(this.#session, ...inputs(feeds), fetches) as Float32Array[];
  }

  /** The same on another thread: the feeds are copied before it returns. */
  async runAsync(feeds: Feeds, fetches: readonly string[]): Promise<Float32Array[]> {
    return (await this.#runner.runAsync(this.#session, ...inputs(feeds), fetches)) as Float32Array[];
  }

  dispose(): void {
    this.#runner.close(this.#session);
  }
}

function inputs(feeds: Feeds): [names: string[], arrays: Values[], shapes: (readonly number[])[]] {
  const all = Object.values(feeds);
  return [Object.keys(feeds), all.map(({ data }) => data), all.map(({ shape }) => shape)];
}
