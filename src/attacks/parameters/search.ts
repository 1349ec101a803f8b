/** The parameters of the paper's scheme from one cipher picture: no network, no date, no query, no known picture. */

import type { PaperMap } from '../../chaos/maps.ts';
import type { PaperOptions } from '../../cipher/index.ts';
import { InputError } from '../../shared/errors.ts';
import type { Raster } from '../../shared/types.ts';
import { type LogisticState, searchLogistic } from './logistic-search.ts';
import { type LorenzState, searchLorenz } from './lorenz-search.ts';
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

/** @throws InputError for a picture that is too small, or options under which the search cannot work */
export function searchParameters(
  cipher: Raster,
  map: PaperMap,
  search: SearchOptions,
): Promise<SearchResult> {
  const { options, plain } = search;
  if (
    options.quantiser !== 'integer' ||
    options.precision !== 'float64' ||
    options.colour !== 'samples' ||
    options.firstValue !== 'iterate'
  )
    throw new InputError('the search expected the options of a preset; give presets.paper or presets.sound');
  if (
    plain &&
    (plain.width !== cipher.width ||
      plain.height !== cipher.height ||
      plain.channels !== cipher.channels ||
      plain.depth !== cipher.depth)
  )
    throw new InputError(
      'the known plain picture expected size, channels and depth of the cipher picture; give the picture that was encrypted',
    );
  return map === 'logistic' ? searchLogistic(cipher, search) : searchLorenz(cipher, search);
}
