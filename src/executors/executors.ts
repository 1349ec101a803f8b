/** The executor that an engine runs networks with. */

import type { Engine } from '../engine/engine.ts';
import type { Network } from '../models/network.ts';
import type { Tensors } from '../models/parameters.ts';
import { EagerTrainer } from './eager/trainer.ts';
import type { Inference, Input, Trainer, TrainerOptions } from './executor.ts';
import { GraphInference } from './graph/inference.ts';
import { GraphTrainer } from './graph/trainer.ts';

/** @param options of the optimiser, by default plain Adam */
export const createTrainer = (
  engine: Engine,
  network: Network,
  initial: Tensors,
  input: Input,
  options?: TrainerOptions,
): Trainer => new (engine.native ? GraphTrainer : EagerTrainer)(engine, network, initial, input, options);

/** @param tensors trained parameters and running statistics */
export const createInference = (
  engine: Engine,
  network: Network,
  tensors: Tensors,
  input: Input,
): Inference => new (engine.native ? GraphInference : EagerTrainer)(engine, network, tensors, input);
