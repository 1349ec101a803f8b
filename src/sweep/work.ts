/** A work: the task of a sweep's cells. Its module exports it by default. */

export type Value = string | number | boolean | null;
/** A flat object: one CSV column a key. */
export type Config = Readonly<Record<string, Value>>;

/** Measured values of a cell by name; null if one does not apply. */
export type Measures = Readonly<Record<string, number | null>>;

export interface Work<C extends object = Config> {
  /** Every key that a sweep may set, with its value unless set; `seed` among them. */
  readonly defaults: C & { readonly seed: number };
  /** Keys that older cells do not have: they are left out of a cell's id while null. */
  readonly later?: readonly string[];
  /** @throws InputError for values that are wrong, or wrong together */
  readonly check?: (config: C) => void;
  /**
   * The work itself, in a process of its own. It may be killed and started again at any time.
   * @param folder its run folder, for its own files
   */
  readonly run: (config: C, folder: string) => Promise<Measures>;
  /** A command that does the same beside a sweep; without one, `sweep --cell` does. @param axes always named */
  readonly command?: (config: C, axes: readonly string[]) => string;
  /**
   * For works in parts (`shard.ts`): merges the finished parts of one job. `text` is
   * Markdown.
   * @param parts in the order of their shards
   */
  readonly merge?: (parts: readonly Part<C>[]) => Promise<Merged>;
}

/** A cell whose process has run. */
export interface Part<C extends object = Config> {
  readonly config: C;
  readonly folder: string;
  /** A failed part has the files of its work and no measures. */
  readonly state: 'done' | 'failed';
  readonly measures: Measures;
}

export interface Merged {
  readonly json: object;
  readonly text: string;
}

/** A work whose configuration has an interface of its own, in a list of works. */
export const asWork = <C extends object>(work: Work<C>): Work => work as unknown as Work;
