/** The optimisers as graph operations, by name. */

import type { GraphWriter, Node, Variable } from '../../engine/graph-writer.ts';
import type { OptimizerConfig, OptimizerName } from '../../models/optimizer.ts';
import { adam } from './operations/adam.ts';
import { adamw } from './operations/adamw.ts';
import { sgd } from './operations/sgd.ts';

/** A parameter and the node of its gradient. */
export interface Gradient {
  readonly variable: Variable;
  readonly gradient: Node;
}

export interface GraphOptimizer {
  /** Writes the updates of all parameters; what it remembers are variables named after `slotsOf`. */
  updates(g: GraphWriter, gradients: readonly Gradient[], options: OptimizerConfig): Node[];
  /** What its scalar placeholders are fed in a step, which counts from 1. */
  feeds(rate: number, step: number, options: OptimizerConfig): Readonly<Record<string, number>>;
}

export const graphOptimizers: Readonly<Record<OptimizerName, GraphOptimizer>> = { adam, adamw, sgd };
