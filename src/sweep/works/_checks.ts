/** Checks of a configuration that works share. */
import { InputError } from '../../shared/errors.ts';

/**
 * @param choices what each of these options may be
 * @param between how errors list them
 * @throws InputError naming the first that is something else
 */
export function checkChoices<C extends object>(
  config: C,
  choices: { readonly [Name in keyof C]?: readonly unknown[] },
  between: ', ' | ' or ' = ', ',
): void {
  for (const [name, known] of Object.entries(choices) as [keyof C & string, readonly unknown[]][])
    if (!known.includes(config[name]))
      throw new InputError(`"${name}" expected ${known.join(between)}, got ${config[name]}`);
}

/**
 * @param ranges least and greatest of each of these options
 * @throws InputError naming the first that is no integer between
 */
export function checkIntegers<C extends object>(
  config: C,
  ranges: { readonly [Name in keyof C]?: readonly [low: number, high: number] },
): void {
  for (const [name, [low, high]] of Object.entries(ranges) as [keyof C & string, [number, number]][]) {
    const value = config[name];
    if (!(Number.isInteger(value) && Number(value) >= low && Number(value) <= high))
      throw new InputError(`"${name}" expected an integer from ${low} to ${high}, got ${value}`);
  }
}
