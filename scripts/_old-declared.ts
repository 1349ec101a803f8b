/** Options and choices that a command declares, read from its builder without a parse. */
import type { Argv } from 'yargs';

type Choices = readonly (string | number)[];
type Declarations = Readonly<Record<string, { readonly choices?: Choices }>>;

export interface Declared {
  /** Names without dashes, with the values that they may take; [] where any value may be. */
  readonly options: ReadonlyMap<string, Choices>;
  /** Choices of the first positional. */
  readonly words: Choices;
}

/** What `builder` declares, in subcommands too. */
export function oldDeclared(builder: (yargs: Argv) => unknown): Declared {
  const options = new Map<string, Choices>();
  let words: Choices | undefined;
  const add = (own: Declarations): void => {
    for (const [name, { choices = [] }] of Object.entries(own)) options.set(name, choices);
  };
  const methods: Record<string, (...args: never[]) => unknown> = {
    options: (own: Declarations) => add(own),
    option: (name: string, own: { choices?: Choices }) => add({ [name]: own }),
    positional: (_: string, { choices = [] }: { choices?: Choices }) => {
      words ??= choices;
    },
    command: (own: { builder: (yargs: Argv) => unknown }) => own.builder(recorder),
  };
  const recorder: Argv = new Proxy({} as Argv, {
    get:
      (_, method: string) =>
      (...args: never[]) => {
        methods[method]?.(...args);
        return recorder;
      },
  });
  builder(recorder);
  return { options, words: words ?? [] };
}
