/**
 * The optimisers by name, in PyTorch's form: `adam` (Kingma and Ba 2015), `adamw` (Loshchilov and Hutter 2019,
 * decoupled weight decay) and `sgd` with momentum. Their steps stand in the optimizers.ts of both executors.
 */

export const optimizerNames = ['adam', 'adamw', 'sgd'] as const;
export type OptimizerName = (typeof optimizerNames)[number];

/** The options of a step, the same for all parameters. */
export interface OptimizerConfig {
  readonly optimizer: OptimizerName;
  /** adam, sgd: g += decay * p. adamw: p -= lr * decay * p. */
  readonly weightDecay: number;
  /** Of `sgd` only. */
  readonly momentum: number;
  /** Gradients are scaled down to this norm of all of them together; null leaves them. */
  readonly clip: number | null;
}

export const optimizerDefaults: OptimizerConfig = {
  optimizer: 'adam',
  weightDecay: 0,
  momentum: 0.9,
  clip: null,
};

/** PyTorch's defaults, of Adam and AdamW. */
export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** PyTorch's `clip_grad_norm_` adds this to the norm that it divides by. */
export const clipEpsilon = 1e-6;

const moments = ['adam.m.', 'adam.v.'];

/** Prefixes of the tensors that an optimiser keeps beside each parameter; they start at zero. */
export const slotsOf: Readonly<Record<OptimizerName, readonly string[]>> = {
  adam: moments,
  adamw: moments,
  sgd: ['sgd.momentum.'],
};

/** Whether a tensor's name is of an optimiser's state, not of the network. */
export const isOptimizerState = (name: string): boolean =>
  Object.values(slotsOf).some((slots) => slots.some((slot) => name.startsWith(slot)));
