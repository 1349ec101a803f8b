/** The optimisers and gradient clipping as graph operations, in PyTorch's form. */
import type { GraphWriter, Node, Variable } from '../../engine/graph-writer.ts';
import { attribute } from '../../engine/proto.ts';
import {
  clipEpsilon,
  adam as constants,
  type OptimizerConfig,
  type OptimizerName,
} from '../../models/optimizer.ts';

/** A parameter and the node of its gradient. */
export interface Gradient {
  readonly variable: Variable;
  readonly gradient: Node;
}

export interface GraphOptimizer {
  /** Writes the updates of all parameters; its state are variables named after `slotsOf`. */
  updates(g: GraphWriter, gradients: readonly Gradient[], options: OptimizerConfig): Node[];
  /** The values of its scalar placeholders in a step, which counts from 1. */
  feeds(rate: number, step: number, options: OptimizerConfig): Readonly<Record<string, number>>;
}

/**
 * Adam (Kingma and Ba 2015): ResourceApplyAdam. TensorFlow's op divides by sqrt(v) + epsilon before the bias
 * correction, PyTorch after it; feeding rate sqrt(1 - b2^t) / (1 - b1^t) and epsilon sqrt(1 - b2^t) makes them one.
 */
const adam: GraphOptimizer = {
  updates: (g, gradients, { weightDecay }) => applyAdam(g, withDecay(g, gradients, weightDecay)),
  feeds: (rate, step) => {
    const correction = Math.sqrt(1 - constants.beta2 ** step);
    return {
      adam_rate: (rate * correction) / (1 - constants.beta1 ** step),
      adam_epsilon: constants.epsilon * correction,
    };
  },
};

/** @param first a node of each parameter that must run before its update */
function applyAdam(g: GraphWriter, gradients: readonly Gradient[], first: readonly Node[] = []): Node[] {
  const rate = g.placeholder('adam_rate', []);
  const epsilon = g.placeholder('adam_epsilon', []);
  const zero = g.constant(0); // beta powers of 0: the correction is in the rate already
  const betas = [g.constant(constants.beta1), g.constant(constants.beta2)];
  return gradients.map(({ variable, gradient }, i) => {
    const m = g.variable(`adam.m.${variable.name}`, variable.shape).handle;
    const v = g.variable(`adam.v.${variable.name}`, variable.shape).handle;
    const inputs = [variable.handle, m, v, zero, zero, rate, ...betas, epsilon, gradient];
    const before = first[i] === undefined ? [] : [`^${first[i]}`];
    return g.op('ResourceApplyAdam', [...inputs, ...before], { use_locking: attribute.bool(false) });
  });
}

/**
 * AdamW (Loshchilov and Hutter 2019, Algorithm 2): p <- p - rate decay p, then Adam. Both change the same variable, so a
 * control edge fixes the order: floating-point sums depend on it.
 */
const adamw: GraphOptimizer = {
  updates: (g, gradients, { weightDecay }) => {
    if (weightDecay === 0) return applyAdam(g, gradients);
    const share = g.placeholder('adamw_decay', []);
    const decays = gradients.map(({ variable, gradient }) => {
      const part = g.op('Mul', [variable.value, share]);
      const ready = `^${gradient.split(':')[0]}`; // earlier, the variable is still being read, and would be copied
      return g.node('AssignSubVariableOp', [variable.handle, part, ready], {
        dtype: attribute.type('float'),
      });
    });
    return applyAdam(g, gradients, decays);
  },
  feeds: (rate, step, options) => {
    const feeds = adam.feeds(rate, step, options);
    return options.weightDecay === 0 ? feeds : { ...feeds, adamw_decay: rate * options.weightDecay };
  },
};

const plain = { use_locking: attribute.bool(false), use_nesterov: attribute.bool(false) };

/** Stochastic gradient descent with momentum, b <- momentum b + g, p <- p - rate b: ResourceApplyMomentum. */
const sgd: GraphOptimizer = {
  updates: (g, gradients, { weightDecay, momentum }) => {
    const rate = g.placeholder('sgd_rate', []);
    const kept = g.constant(momentum);
    return withDecay(g, gradients, weightDecay).map(({ variable, gradient }) => {
      const buffer = g.variable(`sgd.momentum.${variable.name}`, variable.shape).handle;
      return g.op('ResourceApplyMomentum', [variable.handle, buffer, rate, gradient, kept], plain);
    });
  },
  feeds: (rate) => ({ sgd_rate: rate }),
};

/** Weight decay as a term of the gradient, g + decay p, as PyTorch's Adam and SGD add it. */
function withDecay(g: GraphWriter, gradients: readonly Gradient[], decay: number): readonly Gradient[] {
  if (decay === 0) return gradients;
  const factor = g.constant(decay);
  return gradients.map(({ variable, gradient }) => ({
    variable,
    gradient: g.op('AddV2', [gradient, g.op('Mul', [variable.value, factor])]),
  }));
}

export const graphOptimizers: Readonly<Record<OptimizerName, GraphOptimizer>> = { adam, adamw, sgd };

/**
 * Clipping by global norm (Pascanu et al. 2013): g min(1, limit / (|g| + 1e-6)).
 * @param limit null leaves the gradients as they are
 */
export function clipped(
  g: GraphWriter,
  gradients: readonly Gradient[],
  limit: number | null,
): readonly Gradient[] {
  if (limit === null) return gradients;
  const norm = globalNorm(
    g,
    gradients.map(({ gradient }) => gradient),
  );
  const ratio = g.op('RealDiv', [g.constant(limit), g.op('AddV2', [norm, g.constant(clipEpsilon)])]);
  const factor = g.op('Minimum', [ratio, g.constant(1)]);
  return gradients.map(({ variable, gradient }) => ({
    variable,
    gradient: g.op('Mul', [gradient, factor]),
  }));
}

/** L2Loss is half a sum of squares. */
function globalNorm(g: GraphWriter, gradients: readonly Node[]): Node {
  const halves = gradients.map((gradient) => g.op('L2Loss', [gradient]));
  const sum = halves.reduce((a, b) => g.op('AddV2', [a, b])); // one after another: the same bits each time
  return g.op('Sqrt', [g.op('Mul', [sum, g.constant(2)])]);
}
