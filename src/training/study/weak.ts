/** Parameters that a network gives and that make no chaos, beside what evenly spread ones would give. */
import { hopfRho } from '../../chaos/lorenz.ts';
import { logisticLyapunov, periodicShare } from '../../chaos/lyapunov.ts';
import { parameterRanges } from '../../cipher/parameters.ts';
import { stream } from '../../shared/random.ts';
import type { MapName, MapParams } from '../../shared/types.ts';

export interface WeakKeys {
  /** What makes one weak. */
  readonly test: string;
  readonly keys: number;
  readonly weak: number;
  /** Share expected of parameters that are uniform in their ranges. */
  readonly expected: number;
}

export function weakKeys(map: MapName, params: readonly MapParams[]): WeakKeys {
  const { test, weak, expected } = tests[map];
  return { test, keys: params.length, weak: params.filter(weak).length, expected: expected() };
}

const settles = ([sigma, rho, beta]: MapParams): boolean => rho! < hopfRho(sigma!, beta!);

const tests = {
  logistic: {
    test: 'logistic r in a window without chaos (Lyapunov exponent not positive)',
    weak: ([r]: MapParams): boolean => logisticLyapunov(r!) <= 0,
    expected: () => periodicShare(...parameterRanges.logistic[0]!),
  },
  lorenz: {
    test: 'Lorenz rho below the Hopf bifurcation, where a fixed point attracts too',
    weak: settles,
    expected: () => {
      const random = stream(1, 'uniform parameters');
      const draw = () => parameterRanges.lorenz.map(([lo, hi]) => lo + (hi - lo) * random.next());
      return Array.from({ length: 10_000 }, draw).filter(settles).length / 10_000;
    },
  },
} satisfies Record<MapName, { test: string; weak(params: MapParams): boolean; expected(): number }>;
