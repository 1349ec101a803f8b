/** How large a picture may be before it is decoded. */
import { InputError } from '../shared/errors.ts';

/** 2^27 pixels: 400 MB as 8-bit RGB. A mammogram has 2^25, so this stops only bombs and whole slides. */
const maxPixels = 2 ** 27;

/** @throws InputError for more pixels, whatever the file really holds */
export function checkPixels(width: number, height: number, name: string): void {
  if (width * height > maxPixels)
    throw new InputError(
      `${name}: expected at most ${maxPixels} pixels, got ${width}x${height}; crop or shrink it first`,
    );
}
