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
}

/** A work whose configuration has an interface of its own, in a list of works. */
export const asWork = <C extends object>(work: Work<C>): Work => work as unknown as Work;
