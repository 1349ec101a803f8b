/** How much of the machine's arithmetic a training step uses, against what a large matrix product reaches here. */
import type { Engine } from '../../models/engine/index.ts';
import { trainingFlops } from '../../models/flops.ts';
import { buildNetwork } from '../../models/networks.ts';
import { seconds } from '../../shared/timing.ts';
import { type BenchRow, row } from './row.ts';

const side = 2048;
const runs = 8;

/** Rows for those that time training steps in images/s, at `size` x `size`. */
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

/** The best of some runs: a machine's peak is not its median. */
function matrixProduct({ tf }: Engine): number {
  const a = tf.ones([side, side]);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const from = seconds();
    tf.tidy(() => tf.matMul(a, a).dataSync());
    best = Math.min(best, seconds() - from);
  }
  a.dispose();
  return (2 * side ** 3) / best / 1e9;
}
