/** Where each of the six methods takes its chaotic parameters from: a network, or the fixed baseline. */

import type { PaperMap } from '../chaos/maps.ts';
import { baselineParams, parametersFromSigmoid } from '../cipher/index.ts';
import type { WallClock } from '../shared/datetime.ts';
import { seconds } from '../shared/timing.ts';
import type { MapParams, NetName } from '../shared/types.ts';
import type { MethodId } from '../tables/results.ts';
import type { DateNetwork } from '../training/trained.ts';

export interface Method {
  readonly id: MethodId;
  readonly map: PaperMap;
  readonly net: NetName | null;
}

export function methodOf(id: MethodId): Method {
  const [map, net] = id.split('+') as [PaperMap, NetName | undefined];
  return { id, map, net: net ?? null };
}

export interface TimedParameters {
  readonly parameters: MapParams;
  /** Seconds of the metadata image's codes, and of the network, which draws it; 0 for a baseline. */
  readonly metadata: number;
  readonly inference: number;
}

/** @param predictor null for a baseline: one key for all images */
export async function parametersFor(
  method: Method,
  when: WallClock,
  predictor: DateNetwork | null,
): Promise<TimedParameters> {
  if (!predictor) return { parameters: baselineParams[method.map], metadata: 0, inference: 0 };
  const started = seconds();
  const codes = predictor.draw([when]);
  const coded = seconds();
  const outputs = await predictor.infer(codes, 1);
  const inferred = seconds();
  const parameters = parametersFromSigmoid(method.map, outputs);
  return { parameters, metadata: coded - started, inference: inferred - coded };
}
