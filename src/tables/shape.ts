/** What a JSON file of ours must hold to be shown. A shape answers with the first fault and where it is, or null. */
export type Shape = (value: unknown, at: string) => string | null;

const fault = (expected: string, value: unknown, at: string): string =>
  `${at} expected ${expected}, got ${(JSON.stringify(value) ?? 'nothing').slice(0, 60)}`;

export const aNumber: Shape = (value, at) =>
  typeof value === 'number' ? null : fault('a number', value, at);
export const aText: Shape = (value, at) => (typeof value === 'string' ? null : fault('a text', value, at));
export const aTruth: Shape = (value, at) =>
  typeof value === 'boolean' ? null : fault('true or false', value, at);

export const oneOf =
  (known: readonly string[]): Shape =>
  (value, at) =>
    known.includes(value as string) ? null : fault(known.join(', '), value, at);

export const orNull =
  (shape: Shape): Shape =>
  (value, at) =>
    value === null ? null : shape(value, at);

/** A key that may be missing. */
export const maybe =
  (shape: Shape): Shape =>
  (value, at) =>
    value === undefined ? null : shape(value, at);

/** @param least fewest entries */
export const listOf =
  (shape: Shape, least = 0): Shape =>
  (value, at) => {
    if (!Array.isArray(value)) return fault('a list', value, at);
    if (value.length < least) return fault(`at least ${least}`, value, at);
    return first(value.map((entry, i) => () => shape(entry, `${at}[${i}]`)));
  };

/** An object with these keys at least. */
export const objectOf =
  (keys: Readonly<Record<string, Shape>>): Shape =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return fault('an object', value, at);
    const held = value as Record<string, unknown>;
    return first(
      Object.entries(keys).map(
        ([key, shape]) =>
          () =>
            shape(held[key], at ? `${at}.${key}` : key),
      ),
    );
  };

function first(faults: readonly (() => string | null)[]): string | null {
  for (const check of faults) {
    const found = check();
    if (found !== null) return found;
  }
  return null;
}
