/** The parameters of the paper's scheme from one cipher picture: no network, no date, no query, no known picture. */

import type { PaperMap } from '../../chaos/maps.ts';
import { InputError } from '../../shared/errors.ts';
import type { Raster } from '../../shared/types.ts';
import { isConstant, searchKnownLogistic } from './logistic-known.ts';
import { searchLogistic } from './logistic-search.ts';
import { searchLorenz } from './lorenz-search.ts';
import type { SearchOptions, SearchResult } from './types.ts';

/** @throws InputError for a picture that is too small, or options under which the search cannot work */
export async function searchParameters(
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
  if (map === 'lorenz') return searchLorenz(cipher, search);
  if (plain && isConstant(plain) && options.burnIn === 0) return searchKnownLogistic(cipher, plain, search);
  return searchLogistic(cipher, search);
}
