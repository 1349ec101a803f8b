/**
 * Batch normalisation (Ioffe and Szegedy 2015): FusedBatchNormV3. In training it also moves the running
 * statistics, with Bessel's correction in the variance, as PyTorch does.
 */

import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';
import { attribute } from '../../../engine/proto.ts';
import { type BatchNorm, batchNormEpsilon, batchNormMomentum } from '../../../models/network.ts';

const common = {
  U: attribute.type('float'),
  epsilon: attribute.float(batchNormEpsilon),
  data_format: attribute.string('NHWC'),
};

function variables(g: GraphWriter, layer: BatchNorm) {
  const shape = [layer.channels];
  const of = (part: string) => g.variable(`${layer.name}.${part}`, shape);
  return { scale: of('weight'), offset: of('bias'), mean: of('running_mean'), variance: of('running_var') };
}

/** With the batch's statistics; outputs 1 and 2 are the new running ones. */
export function batchNorm(g: GraphWriter, x: Node, layer: BatchNorm): Node {
  const { scale, offset, mean, variance } = variables(g, layer);
  const training = { ...common, is_training: attribute.bool(true) };
  const y = g.op('FusedBatchNormV3', [x, scale.value, offset.value, mean.value, variance.value], {
    ...training,
    exponential_avg_factor: attribute.float(batchNormMomentum),
  });
  g.updates.push(g.assign(mean, `${y}:1`), g.assign(variance, `${y}:2`));
  return g.record(y, (dy) => {
    const saved = [`${y}:3`, `${y}:4`, `${y}:5`];
    const d = g.op('FusedBatchNormGradV3', [dy, x, scale.value, ...saved], training);
    return [
      [x, d],
      [scale.value, `${d}:1`],
      [offset.value, `${d}:2`],
    ];
  });
}

/** With the running statistics. */
export function batchNormInference(g: GraphWriter, x: Node, layer: BatchNorm): Node {
  const { scale, offset, mean, variance } = variables(g, layer);
  return g.op('FusedBatchNormV3', [x, scale.value, offset.value, mean.value, variance.value], {
    ...common,
    is_training: attribute.bool(false),
  });
}
