/** What every attack takes and what it returns. `src/judge` adds the seconds. */
import type { MapParams, Raster } from '../shared/types.ts';
import type { SearchResult } from './parameters/types.ts';
import type { Party } from './party.ts';

/** What is attacked, and the images at hand. An attack says in its head comment which of them the attacker sees. */
export interface AttackInput {
  readonly party: Party;
  /** The image to protect, of any shape. */
  readonly plain: Raster;
  /** Two more images of the same shape, which the attacker may know. */
  readonly others: readonly [Raster, Raster];
  /** Of all that an attack draws at random. */
  readonly seed: number;
  /** Repetitions, where an attack repeats something. */
  readonly trials: number;
  /** What a perfect network answers for each second of one day, in float32, where the caller knows it. */
  readonly secondsOfADay?: readonly MapParams[];
  /** Searches the parameters behind a cipher picture, where the caller has threads for it. */
  readonly search?: (cipher: Raster) => Promise<SearchResult>;
}

export interface AttackOutcome {
  /** Whether the attacker got what the scheme should have kept. */
  readonly success: boolean;
  /** Images that the party encrypted or decrypted for the attacker. */
  readonly queries: number;
  /** One sentence with the numbers that decide. */
  readonly finding: string;
  /** All numbers, as JSON can hold them. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Worth looking at: file stem to image. */
  readonly pictures?: Readonly<Record<string, Raster>>;
}

export type Attack = (input: AttackInput) => AttackOutcome | Promise<AttackOutcome>;
