/**
 * Which fixed r gives the paper's odd row, "Logistic" on Sample 4 (entropy 7.0619, horizontal correlation 0.8428, NPCR
 * 99.4507), and that on Sample 1 (horizontal correlation 0.1442)? All r from 3.5 to 4 in thousandths under each reading
 * of the key (multiplier, layout), then both sides of 1 + sqrt 8 = 3.828427, where the window of period 3 opens:
 * neighbours in a row of RGB samples are three key samples apart.
 *   npm run sweep -- experiments/ablation-baseline.ts --results results/reference/ablation-baseline
 * Cost: about 5 minutes of one core. The pictures stand in for the paper's own, which are not available.
 */
import type { Sweep } from '../src/sweep/sweep.ts';
import type { BaselineRowConfig } from '../src/sweep/works/baseline-row.ts';

type Part = Partial<BaselineRowConfig>;

const readings: Part[] = [256, 1e5, 1e14].flatMap((multiplier) =>
  (['interleaved', 'planar', 'plane'] as const).flatMap((layout) =>
    (['three', 'one'] as const).map((orbits) => ({ multiplier, layout, orbits })),
  ),
);
const threeOrbits = readings.filter(({ orbits }) => orbits === 'three');
const others: Part[] = [
  { burnIn: 1000 },
  { permute: false },
  { size: 'turned' },
  { starts: '0.01 0.01 0.01' },
  { starts: '0.1 0.2 0.3' },
  { starts: '0.1 0.2 0.3', size: 'turned' },
];
const above: Part = { from: 3.82842, to: 3.82846, step: 1e-6, refine: 1 };
const below: Part = { row: 'sample1', from: 3.828, to: 3.82843, step: 2e-6 };

export default {
  name: 'ablation-baseline',
  question: 'Which fixed r gives the rows of the column "Logistic" that no ideal cipher gives?',
  work: 'baseline-row',
  variants: [
    ...threeOrbits,
    ...readings.map((reading) => ({ ...reading, ...above })),
    ...others.map((reading) => ({ ...reading, ...above })),
    ...threeOrbits.map((reading) => ({ ...reading, ...below })),
  ],
  seeds: [1],
  rank: [{ by: 'distance', better: 'lower' }],
} satisfies Sweep<BaselineRowConfig>;
