/** How large a reproduction is. The two profiles live in experiments/. */
import type { TrainConfig } from '../models/config.ts';
import type { NetName } from '../shared/types.ts';

/** Training options that a profile may set. */
type Training = Partial<Omit<TrainConfig, 'net' | 'map' | 'seed'>>;

export interface Profile {
  readonly name: string;
  /** For all four networks, and what differs between the nets. */
  readonly train: Training;
  readonly nets: Readonly<Record<NetName, Training>>;
  /** Laid over both where no native engine runs; must set `maxSeconds`. */
  readonly fallback: Training & { readonly maxSeconds: number };
  /** Timed repeats of each method and size for Table 2; the median is shown. */
  readonly timingRepeats: number;
  /** Factor on the sides of all pictures; 1 but for tests. */
  readonly imageScale?: number;
}
