/** What a cell of a sweep does. A work is a module whose default export is one of these. */

export type Value = string | number | boolean | null;
/** A flat object: what a CSV has columns for. */
export type Config = Readonly<Record<string, Value>>;

/** What a cell found, by name; null where it does not apply. */
export type Measures = Readonly<Record<string, number | null>>;

export interface Work<C extends object = Config> {
  /** Every key that a sweep may set, with its value unless set; `seed` among them. */
  readonly defaults: C & { readonly seed: number };
  /** @throws InputError for values that are wrong, or wrong together */
  readonly check?: (config: C) => void;
  /**
   * The work itself, in a process of its own. It may be killed and started again at any time.
   * @param folder its run folder, for what it wants to keep
   */
  readonly run: (config: C, folder: string) => Promise<Measures>;
  /** A command that does the same beside a sweep; without one, `sweep --cell` does. @param axes always named */
  readonly command?: (config: C, axes: readonly string[]) => string;
  /**
   * Of a work that is done in parts (`shard.ts`): what the parts of one job come to, as far as they are done. `text` is
   * Markdown.
   * @param parts in the order of their shards
   */
  readonly merge?: (parts: readonly Part<C>[]) => Promise<Merged>;
}

/** A cell whose process has run. */
export interface Part<C extends object = Config> {
  readonly config: C;
  readonly folder: string;
  /** Of a part that failed: what its work left is there, its measures are not. */
  readonly state: 'done' | 'failed';
  readonly measures: Measures;
}

export interface Merged {
  readonly json: object;
  readonly text: string;
}

/** A work whose configuration has an interface of its own, in a list of works. */
export const asWork = <C extends object>(work: Work<C>): Work => work as unknown as Work;
