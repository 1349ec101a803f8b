/**
 * How much of the machine's arithmetic a training step uses, against what a large matrix product reaches here.
 * Above 100 %, minimal filtering saves more multiplications than the rest of the step costs.
 */

import type { Engine } from '../src/engine/engine.ts';
import { GraphWriter } from '../src/engine/graph-writer.ts';
import { attribute } from '../src/engine/proto.ts';
import { matMul } from '../src/executors/graph/operations/linear.ts';
import { GraphSession } from '../src/executors/graph/session.ts';
import { trainingFlops } from '../src/models/flops.ts';
import { buildNetwork } from '../src/models/networks.ts';
import { seconds } from '../src/shared/timing.ts';
import { type BenchRow, row } from './row.ts';

const side = 2048;
const runs = 8;

/** Rows of a native engine, for those that time training steps in images/s, at `size` x `size`. */
export function peakRows(engine: Engine, trained: readonly BenchRow[], size: number): BenchRow[] {
  const peak = matrixProduct(engine);
  const speeds = trained.filter(({ net, unit }) => net !== null && unit === 'images/s');
  return [
    row({ work: `matrix product ${side}x${side}`, unit: 'GFLOP/s', ours: peak, runs }),
    ...speeds.map(({ work, net, batch, ours, runs: steps }) => {
      const reached = (ours * trainingFlops(buildNetwork(net!, 3), size)) / 1e9;
      const share = (100 * reached) / peak;
      return row({ work: `${work}, of the matrix product`, net, batch, unit: '%', ours: share, runs: steps });
    }),
  ];
}

/**
 * The best of some runs, since a machine's peak is not its median; as a graph, for which TensorFlow takes the same
 * oneDNN kernels as for training (its eager product reaches a ninth).
 */
function matrixProduct(engine: Engine): number {
  const g = new GraphWriter();
  const a = g.placeholder('a', [side, side]);
  const whole = { Tidx: attribute.type('int32'), keep_dims: attribute.bool(false) };
  g.op('Mean', [matMul(g, a, a), g.ints(0, 1)], whole, 'mean');
  const session = new GraphSession(engine, g);
  const feeds = { a: { data: new Float32Array(side ** 2).fill(1 / side), shape: [side, side] } };
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const from = seconds();
    session.run(feeds, ['mean']);
    best = Math.min(best, seconds() - from);
  }
  session.dispose();
  return (2 * side ** 3) / best / 1e9;
}
