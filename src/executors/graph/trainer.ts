/** The graph executor's trainer: forward, backward and optimiser are one graph, run once a step. */

import type { Engine } from '../../engine/engine.ts';
import { GraphWriter } from '../../engine/graph-writer.ts';
import { flatten, type Network } from '../../models/network.ts';
import { optimizerDefaults } from '../../models/optimizer.ts';
import { parametersOf, sizeOf, type Tensor, type Tensors } from '../../models/parameters.ts';
import type { Random } from '../../shared/random.ts';
import { batchThatFits } from '../activations.ts';
import {
  type Batch,
  dropoutMask,
  type Images,
  type Input,
  isDrawing,
  sideOf,
  type Trainer,
  type TrainerOptions,
  type TrainerState,
  type Variable,
} from '../executor.ts';
import { failureOf } from './failure.ts';
import { forward } from './forward.ts';
import { feedOf, images } from './input.ts';
import { mirrored } from './mirror.ts';
import { maskName } from './operations/elementwise.ts';
import { graphLosses } from './operations/loss.ts';
import { clipped, graphOptimizers } from './optimizers.ts';
import { type Feed, type Feeds, GraphSession } from './session.ts';

/** Most bytes that one run reads (one variable at least): a checkpoint needs no second copy of the network. */
const readAtOnce = 8e6;

const scalar = (value: number): Feed => ({ data: Float32Array.of(value), shape: [] });

/**
 * Writes `train` (one step, yields the loss) and `prediction` over shared variables. In mixed precision activations and
 * their gradients are bfloat16; weights, statistics, the head, the loss and the optimiser stay float32.
 * @param winograd minimal filtering where it pays: not on a graphics card, whose library chooses by itself
 */
export function writeTrainingGraph(
  network: Network,
  input: Input,
  options: TrainerOptions = optimizerDefaults,
  winograd = true,
): GraphWriter {
  const g = new GraphWriter();
  const size = sideOf(input);
  const x = g.cast(images(g, input), options.precision === 'mixed' ? 'bfloat16' : 'float');
  const y = g.placeholder('y', [-1, network.outputs]);
  const logits = forward(g, x, network.layers, { training: true, input: x, winograd }, size);
  const outputs = graphLosses[options.loss ?? 'sigmoid'];
  const { loss, gradient } = outputs.write(g, logits, y);
  const gradients = g.gradients(logits, gradient);
  const trainable = parametersOf(network)
    .filter((spec) => spec.trainable)
    .map((spec) => g.variables.get(spec.name)!)
    .map((variable) => ({ variable, gradient: gradients.get(variable.value)! }));
  const { updates: write } = graphOptimizers[options.optimizer];
  const updates = write(g, clipped(g, trainable, options.clip), options);
  g.after([...g.updates, ...updates], loss, 'train');
  const predicted = forward(g, x, network.layers, { training: false, input: x, winograd }, size);
  g.op(outputs.output, [predicted], {}, 'prediction');
  g.writeInitialise();
  return g;
}

/** Its transformations are written for float32, and lose to the libraries of cards. */
const winogradOn = ({ native }: Engine, { precision }: TrainerOptions): boolean =>
  !native!.usesCard && precision !== 'mixed';

export class GraphTrainer implements Trainer {
  readonly #engine: Engine;
  readonly #network: Network;
  readonly #graph: GraphWriter;
  readonly #session: GraphSession;
  readonly #input: Input;
  readonly #options: TrainerOptions;
  readonly #groups: Map<string, readonly string[]>;
  /** Cache: values already fetched together with another variable. */
  #read = new Map<string, Float32Array>();
  steps = 0;

  constructor(
    engine: Engine,
    network: Network,
    initial: Tensors,
    input: Input,
    options: TrainerOptions = optimizerDefaults,
  ) {
    this.#engine = engine;
    this.#network = network;
    this.#input = input;
    this.#options = options;
    this.#graph = writeTrainingGraph(network, input, options, winogradOn(engine, options));
    this.#session = new GraphSession(engine, this.#graph);
    this.#groups = groupsOf([...this.#graph.variables.values()]);
    this.restore({ tensors: initial, steps: 0 });
  }

  /** Runs on another thread, so that Ctrl-C and progress answer during a long step. */
  async step(batch: Batch, rate: number, random: Random): Promise<number> {
    const { feeds: scalars } = graphOptimizers[this.#options.optimizer];
    const values = Object.entries(scalars(rate, ++this.steps, this.#options));
    this.#read.clear();
    const feeds = {
      x: feedOf(this.#input, batch.x, batch.count),
      y: { data: batch.y, shape: [batch.count, this.#network.outputs] },
      ...Object.fromEntries(values.map(([name, value]) => [name, scalar(value)])),
      ...this.#masks(batch.count, random),
    };
    return (await this.#run(feeds, 'train', batch.count))[0]!;
  }

  predict(x: Images, count: number): Promise<Float32Array> {
    return this.#run({ x: feedOf(this.#input, x, count) }, 'prediction', count);
  }

  async #run(feeds: Feeds, fetch: string, count: number): Promise<Float32Array> {
    try {
      return (await this.#session.runAsync(feeds, [fetch]))[0]!;
    } catch (error) {
      const { cardBytes } = this.#engine.native!;
      const side = sideOf(this.#input);
      const fits = cardBytes && batchThatFits(this.#network, side, count, cardBytes);
      throw failureOf(error, { count, side, device: this.#engine.device, fits });
    }
  }

  get drawsItself(): boolean {
    return isDrawing(this.#input);
  }

  get variables(): Variable[] {
    return [...this.#graph.variables.values()];
  }

  /** In groups: TensorFlow prepares an executor for every set of fetches, 20 ms each, 11 s for one a variable. */
  read(name: string): Tensor {
    const { shape } = this.#graph.variables.get(name)!;
    if (!this.#read.has(name)) {
      const names = this.#groups.get(name)!;
      const values = names.map((each) => this.#graph.variables.get(each)!.value);
      const found = this.#session.run({}, values);
      this.#read = new Map(names.map((each, i) => [each, found[i]!]));
    }
    const data = this.#read.get(name)!;
    this.#read.delete(name);
    return mirrored({ shape, data });
  }

  /** Sets every variable. Variables that the state lacks (a new optimiser's slots) become zero. */
  restore(state: TrainerState): void {
    const feeds: Record<string, Feed> = {};
    for (const { name, shape, input } of this.#graph.variables.values()) {
      const data = state.tensors.get(name)?.data ?? new Float32Array(sizeOf(shape));
      feeds[input] = mirrored({ data, shape });
    }
    this.#session.run(feeds, ['initialise']);
    this.#read.clear();
    this.steps = state.steps;
  }

  dispose(): void {
    this.#session.dispose();
  }

  #masks(count: number, random: Random): Record<string, Feed> {
    const feeds: Record<string, Feed> = {};
    for (const layer of flatten(this.#network.layers))
      if (layer.kind === 'dropout') {
        const data = dropoutMask(count, layer.channels, layer.rate, random);
        feeds[maskName(layer)] = { data, shape: [count, layer.channels] };
      }
    return feeds;
  }
}

/** Groups of neighbouring variables that one run reads, `readAtOnce` bytes each. */
function groupsOf(variables: readonly Variable[]): Map<string, readonly string[]> {
  const groups: string[][] = [];
  let bytes = readAtOnce;
  for (const { name, shape } of variables) {
    const own = 4 * sizeOf(shape);
    if (bytes + own > readAtOnce) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(name);
    bytes += own;
  }
  return new Map(groups.flatMap((group) => group.map((name) => [name, group])));
}
