/** What logits become, and the loss of it over a batch, as tfjs operations. */
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { Engine } from '../../engine/engine.ts';
import type { Loss } from '../executor.ts';

type Tf = Engine['tf'];

interface EagerLoss {
  readonly outputs: (tf: Tf, logits: Tensor) => Tensor;
  readonly loss: (tf: Tf, logits: Tensor, y: Tensor) => Tensor;
}

const eagerLosses: Readonly<Record<Loss, EagerLoss>> = {
  sigmoid: {
    outputs: (tf, logits) => tf.sigmoid(logits),
    loss: (tf, logits, y) => tf.mean(tf.squaredDifference(tf.sigmoid(logits), y)),
  },
  linear: {
    outputs: (_, logits) => logits,
    loss: (tf, logits, y) => tf.mean(tf.squaredDifference(logits, y)),
  },
  softmax: {
    outputs: (tf, logits) => tf.softmax(logits),
    loss: (tf, logits, y) => tf.neg(tf.mean(tf.sum(tf.mul(y, tf.logSoftmax(logits)), 1))),
  },
};

export const outputsOf = (tf: Tf, loss: Loss = 'sigmoid', logits: Tensor): Tensor =>
  eagerLosses[loss].outputs(tf, logits);

export const lossOf = (tf: Tf, loss: Loss = 'sigmoid', logits: Tensor, y: Tensor): Scalar =>
  eagerLosses[loss].loss(tf, logits, y) as Scalar;
