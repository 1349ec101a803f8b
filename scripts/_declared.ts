/** Options and choices of a command, those of the commands below it included. */
import { flagOf, kindOf } from '../src/shared/option.ts';
import type { TableCommand as Command } from './_command.ts';
import { oldDeclared } from './_old-declared.ts';

type Choices = readonly (string | number)[];

export interface Declared {
  /** Names without dashes, with the values that they may take; [] where any value may be. */
  readonly options: ReadonlyMap<string, Choices>;
  /** Choices of the first positional. */
  readonly words: Choices;
}

export function declaredBy({ positionals = {}, options = {}, below = {}, old }: Command): Declared {
  if (old) return oldDeclared(old.builder);
  const own = Object.entries(options).map(
    ([key, { schema }]) => [flagOf(key), kindOf(schema).choices ?? []] as const,
  );
  const inner = Object.values(below).flatMap(({ command }) => [...declaredBy(command).options]);
  const [first] = Object.values(positionals);
  return { options: new Map([...own, ...inner]), words: (first && kindOf(first.schema).choices) ?? [] };
}
