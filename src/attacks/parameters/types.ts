/** What a search for parameters takes and gives. */
import type { PaperOptions } from '../../cipher/index.ts';
import type { Raster } from '../../shared/types.ts';
import type { Scored } from './logistic-chunk.ts';
import type { Recovered } from './picture.ts';

/** Where a search stands; JSON holds it. */
export interface SearchState {
  readonly logistic?: LogisticState;
  readonly lorenz?: LorenzState;
}

export interface SearchOptions {
  /** The scheme's choices, `presets.paper`, say. */
  readonly options: PaperOptions;
  /** The plain picture of this cipher picture, where the attacker knows it. */
  readonly plain?: Raster;
  /** All cores unless given. */
  readonly threads?: number;
  /** Logistic: range of r, and bit patterns of the outputs tried. Default: all that a network can give. */
  readonly range?: readonly [number, number];
  readonly outputs?: { readonly first: number; readonly count: number };
  /** Lorenz: ranges of sigma, rho, beta, and the passes. Default: all that a network can give. */
  readonly ranges?: readonly (readonly [number, number])[];
  readonly passes?: readonly LorenzPass[];
  /** Passes of either search at most; each is dearer than the one before. */
  readonly mostPasses?: number;
  /** State to go on from. */
  readonly saved?: SearchState;
  readonly onState?: (state: SearchState) => Promise<void>;
  /** Share done of the present pass, and a note. */
  readonly onProgress?: (share: number, note: string) => void;
}

/** One attempt: bits of each sample that a cell must leave certain, and cells that survive a step. */
export interface LorenzPass {
  readonly certain: number;
  readonly keep: number;
}

export interface SearchResult {
  readonly found: Recovered | null;
  /** Parameters tried (logistic), cells looked at (Lorenz). */
  readonly tried: number;
  /** How far the search came, as the end of a sentence. */
  readonly reached: string;
}

/** Where the search stands: the pass, the samples looked at, and the cells, in base64. */
export interface LorenzState extends LorenzPass {
  readonly pass: number;
  readonly n: number;
  readonly cells: string;
  readonly tried: number;
}

export interface LogisticState {
  pass: number;
  /** Outputs tried in this pass, from the largest down. */
  done: number;
  best: readonly Scored[];
}
