/** An option of a command or a configuration: check, default and help stand once, types are derived. */
import { z } from './schema.ts';

export interface Option<S extends z.ZodType = z.ZodType, Sure extends boolean = boolean> {
  readonly schema: S;
  readonly help: string;
  /** The value if none is given. */
  readonly default?: z.output<S>;
  /** Text for "not set" in place of the default. */
  readonly unset?: string;
  /** A value must be given; a text says more in the error. */
  readonly required?: true | string;
  /** Of a list: values after each flag; without it, all words up to the next flag. */
  readonly perFlag?: number;
  /** `none`: no flag. `text`: the command line takes any text, and its command reads it. */
  readonly flag?: 'none' | 'text';
  /** Whether there is always a value. */
  readonly sure: Sure;
}

export type Options = Readonly<Record<string, Option>>;

/** The values of a table of options. */
export type ValuesOf<T extends Options> = {
  readonly [K in keyof T]: T[K] extends Option<infer S, infer Sure>
    ? Sure extends true
      ? z.output<S>
      : z.output<S> | undefined
    : never;
};

type Rest<S extends z.ZodType> = Omit<Option<S>, 'schema' | 'sure'>;
type Always<S extends z.ZodType> = { readonly default: z.output<S> } | { readonly required: true | string };

export function option<S extends z.ZodType>(schema: S, rest: Rest<S> & Always<S>): Option<S, true>;
export function option<S extends z.ZodType>(schema: S, rest: Rest<S>): Option<S, false>;
export function option<S extends z.ZodType>(schema: S, rest: Rest<S>): Option<S> {
  return { schema, sure: rest.default !== undefined || rest.required !== undefined, ...rest };
}

type Shape<T extends Options> = { readonly [K in keyof T]: T[K]['schema'] };

/** The schema of an object that has exactly these options. */
export const objectOf = <T extends Options>(options: T) =>
  z.strictObject(
    Object.fromEntries(Object.entries(options).map(([key, { schema }]) => [key, schema])) as Shape<T>,
  );

type Given<S> = S extends z.ZodType ? z.output<S> : never;
/** The keys that have a value when none is given. */
type Defaulted<T extends Options> = { [K in keyof T]: T[K] extends { sure: true } ? K : never }[keyof T];

/** The defaults of a table without required options. */
export const defaultsOf = <T extends Options>(options: T) =>
  Object.fromEntries(
    Object.entries(options)
      .filter(([, { sure }]) => sure)
      .map(([key, each]) => [key, each.default]),
  ) as { readonly [K in Defaulted<T>]: Given<T[K]['schema']> };

/** The defaults, null for an option without one. */
export const nullDefaults = <T extends Options>(options: T) =>
  Object.fromEntries(Object.entries(options).map(([key, each]) => [key, each.default ?? null])) as {
    readonly [K in keyof T]: Given<T[K]['schema']> | null;
  };

/** The name on the command line: `valPairs` is `val-pairs`. */
export const flagOf = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

type AsGiven<T extends Options> = { readonly [K in keyof T]: Option<T[K]['schema'], false> };

/** The flags of a table whose defaults are laid under the values later; `unset` shows them. */
export const asGiven = <T extends Options>(options: T) =>
  Object.fromEntries(
    Object.entries(options)
      .filter(([, { flag }]) => flag !== 'none')
      .map(([key, { default: standard, unset = 'none', flag, ...each }]) => [
        key,
        {
          ...each,
          schema: flag === 'text' ? z.string() : each.schema,
          unset: String(standard ?? unset),
          sure: false,
        },
      ]),
  ) as AsGiven<T>;

export interface Kind {
  readonly type: 'string' | 'number' | 'boolean';
  readonly choices?: readonly (string | number)[];
  readonly list?: true;
}

/** How a schema's values are written. */
export function kindOf(schema: z.ZodType): Kind {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly)
    return kindOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodArray) return { ...kindOf(schema.element as z.ZodType), list: true };
  if (schema instanceof z.ZodEnum) return { type: 'string', choices: schema.options as string[] };
  if (schema instanceof z.ZodLiteral) {
    const choices = [...schema.values] as number[];
    return { type: typeof choices[0] === 'number' ? 'number' : 'string', choices };
  }
  if (schema instanceof z.ZodNumber) return { type: 'number' };
  if (schema instanceof z.ZodBoolean) return { type: 'boolean' };
  return { type: 'string' };
}
