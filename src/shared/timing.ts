/** The only clock in src/. */

/** Seconds since the process began, monotonic. */
export const seconds = (): number => performance.now() / 1000;
