/**
 * Values from files and command lines, checked by zod schemas; a type is derived from its schema (`Of`).
 * Errors are one sentence: FILE: "KEY" expected an integer from 1 to 9, got 12.
 */
import { z } from 'zod';
import { excerptOf, InputError } from './errors.ts';

export { z } from 'zod';

type Deep<T> = T extends readonly unknown[] | object ? { readonly [K in keyof T]: Deep<T[K]> } : T;

/** The type of a schema's values, readonly at every level. */
export type Of<S extends z.ZodType> = Deep<z.output<S>>;

/** @param expected text of errors */
export const integer = (low: number, high: number, expected = `an integer from ${low} to ${high}`) =>
  z.int(expected).min(low, expected).max(high, expected);

/** A finite number. @param expected text of errors */
export const number = (low: number, high: number, expected = `a number from ${low} to ${high}`) =>
  z.number(expected).min(low, expected).max(high, expected);

/** One of these texts. */
export const oneOf = <const Name extends string>(names: readonly Name[]) => z.enum(names);

/** Texts of this list with commas between. @param expected text of errors */
export const commaList = (
  names: readonly string[],
  expected = `${names.join(', ')}, or several with commas between`,
) => z.string(expected).regex(new RegExp(`^(${names.join('|')})(,(${names.join('|')}))*$`), expected);

/** `a, b or c`. */
export const alternatives = (names: readonly unknown[]): string =>
  [names.slice(0, -1).join(', '), names.at(-1)].filter((part) => part !== '').join(' or ');

/**
 * @param where file or object, the start of errors; '' where the key alone is clear
 * @returns the value itself, keys that the schema does not know included
 * @throws InputError naming the first key that is missing, wrong or unknown
 */
export function checked<S extends z.ZodType>(schema: S, value: unknown, where = ''): z.output<S> {
  const fault = faultIn(schema, value);
  if (fault !== null) throw new InputError(where === '' ? fault : `${where}: ${fault}`);
  return value as z.output<S>;
}

/** The first fault as a sentence that begins with the key; null if there is none. */
export function faultIn(schema: z.ZodType, value: unknown): string | null {
  const issue = schema.safeParse(value, { error: expectedBy }).error?.issues[0];
  if (issue === undefined) return null;
  if (issue.code === 'unrecognized_keys')
    return `"${placeOf([...issue.path, issue.keys[0]!])}" is unknown; known: ${issue.message}`;
  const place = issue.path.length === 0 ? '' : `"${placeOf(issue.path)}" `;
  return `${place}expected ${issue.message}, got ${shown(valueAt(value, issue.path))}`;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

/** Text for a schema without one of its own; for unknown keys the known ones. */
function expectedBy(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') return kinds[issue.expected as string];
  if (issue.code === 'invalid_value') return alternatives(issue.values as unknown[]);
  if (issue.code === 'too_small') return `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject)
    return Object.keys(issue.inst.shape).join(', ');
  return undefined;
}

/** `images[0].width`. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | null)?.[key], value);

/** A value in a message; quotes where a text could be read as something else. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string')
    return /^[\w./:@-]*[a-z_/][\w./:@-]*$/i.test(value) ? excerptOf(value) : excerptOf(JSON.stringify(value));
  return excerptOf(typeof value === 'object' ? JSON.stringify(value) : String(value));
}
