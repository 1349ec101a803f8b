/** Sentences about image files that are refused, after the name of the file at most 120 characters. */
import { InputError } from '../../shared/errors.ts';

/** A valid file of an unsupported kind. @param target a supported format to convert it to */
export const unread = (name: string, what: string, target: string): InputError =>
  new InputError(`${name}: ${what} is not read; convert it to ${target}`);

/** Further pictures in a file would be lost. */
export const severalPictures = (name: string, count: number): InputError =>
  new InputError(
    `${name}: expected one picture in a file, got ${count} pages or frames; save the wanted one by itself`,
  );

/** @param reason a few words, or the first 50 characters of a decoder's message */
export const damaged = (name: string, format: string, reason: string): InputError =>
  new InputError(
    `${name}: expected a whole ${format} image, got a damaged one (${shortened(reason)}); get the file again`,
  );

/** Without the decoder's own name, and cut between two words. */
function shortened(reason: string): string {
  const text = reason.replace(
    /Warning treated as error due to failOn setting |Input buffer has corrupt header: |gifload_buffer: |\w+2vips: |Vips\w+: |Corrupt JPEG data: /g,
    '',
  );
  return text.length <= 50 ? text : `${text.slice(0, 47).replace(/[^\w)]+\w*$/, '')}...`;
}
