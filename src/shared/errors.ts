/**
 * Wrong input: a value, a file, a key, an option. The message names the expected value,
 * the value that came, and the remedy; commands print it as one sentence and exit with code 2.
 */
export class InputError extends RangeError {
  override name = 'InputError';
}

const longest = 60;

/** A text of a file for a message: its start, control characters shown as dots. */
export function excerptOf(text: string): string {
  const start = text.length > longest ? `${text.slice(0, longest)}...` : text;
  return start.replace(/\p{C}/gu, '.');
}

/** Messages of anything that can be thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim();
}

/** Text of a stranger's file as part of a line: without control characters, which steer a terminal. */
export const printable = (text: string, most: number): string =>
  text.replace(/\p{C}/gu, ' ').trim().slice(0, most);
