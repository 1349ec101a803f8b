/** Words that identify the patient, and other texts that repeat them. */
import type { DicomElement, DicomElements } from './elements.ts';

/** Accession number, institution and its address, station; with all names of persons and all of the patient's group. */
const identifying = new Set('00080050 00080080 00080081 00081010 00200010 00380010'.split(' '));
const readable = new Set('AE CS DA LO LT PN SH ST UC UT'.split(' '));

/** Shorter words, such as `Li` or `CT`, stand in too many harmless texts. */
const shortest = 3;

/** In lower case: parts of names, and whole values of other attributes; those in sequences too. */
export function identifyingWords(elements: DicomElements): ReadonlySet<string> {
  const words = new Set<string>();
  for (const element of elements) for (const word of wordsOf(element)) words.add(word);
  return words;
}

function wordsOf({ tag, vr, value }: DicomElement): Iterable<string> {
  if (!Buffer.isBuffer(value)) return value.flatMap((item) => [...identifyingWords(item)]);
  const chosen = vr === 'PN' || identifying.has(tag) || (tag.startsWith('0010') && readable.has(vr));
  if (!chosen) return [];
  const separators = vr === 'PN' ? /[\^=\\ ,.]+/ : /\\/;
  return textOf(value)
    .split(separators)
    .map((word) => word.trim())
    .filter((word) => word.length >= shortest && !['000', 'yes'].includes(word));
}

const textOf = (value: Buffer): string => value.toString('latin1').replaceAll('\0', ' ').toLowerCase();

/** Whether a text contains one of the words. */
export function repeatsWord({ vr, value }: DicomElement, words: ReadonlySet<string>): boolean {
  if (!Buffer.isBuffer(value) || !readable.has(vr)) return false;
  const text = textOf(value);
  return [...words].some((word) => text.includes(word));
}
