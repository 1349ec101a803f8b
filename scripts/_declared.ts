/** Options and choices of a command, those of the commands below it included. */
import { flagOf, kindOf } from '../src/shared/option.ts';
import type { Command } from './_command.ts';

type Choices = readonly (string | number)[];

export interface Declared {
  /** Names without dashes, with the values that they may take; [] where any value may be. */
  readonly options: ReadonlyMap<string, Choices>;
  /** Choices of the first positional. */
  readonly words: Choices;
}

export function declaredBy({ positionals = {}, options = {}, below = {} }: Command): Declared {
  const own = Object.entries(options).map(
    ([key, { schema }]) => [flagOf(key), kindOf(schema).choices ?? []] as const,
  );
  const inner = Object.values(below).flatMap(({ command }) => [...declaredBy(command).options]);
  const [first] = Object.values(positionals);
  return { options: new Map([...own, ...inner]), words: (first && kindOf(first.schema).choices) ?? [] };
}
