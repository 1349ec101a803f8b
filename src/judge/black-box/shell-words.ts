/**
 * Splits a command line into words as a POSIX shell does (Shell Command Language, 2.2 Quoting), without expansions:
 * '...' is literal, in "..." a backslash escapes " \ $ `, elsewhere any character. No shell ever runs.
 */
import { InputError } from '../../shared/errors.ts';

/** One quoted part, one escaped character or one plain character. */
const part = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\])/y;

/** @throws InputError for an open quote, a final backslash or no word */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < line.length; ) {
    if (/\s/.test(line[at]!)) {
      if (word !== null) words.push(word);
      [word, at] = [null, at + 1];
      continue;
    }
    part.lastIndex = at;
    const found = part.exec(line);
    if (!found) throw unfinished(line, at);
    word = (word ?? '') + textOf(found);
    at = part.lastIndex;
  }
  if (word !== null) words.push(word);
  if (words.length === 0)
    throw new InputError('the command expected a program and its words, got an empty text');
  return words;
}

const textOf = ([, single, double, escaped, plain]: RegExpExecArray): string =>
  single ?? double?.replace(/\\(["\\$`]|\n)/g, (_, c) => (c === '\n' ? '' : c)) ?? escaped ?? plain!;

const unfinished = (line: string, at: number): InputError =>
  new InputError(
    line[at] === '\\'
      ? `the command ends with a backslash: ${line}; write \\\\ for a backslash`
      : `the command has a ${line[at]} that is not closed: ${line.slice(at)}; close the quote`,
  );
