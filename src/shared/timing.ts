/** The only clock in src/. */

/** Seconds since the process began, monotonic. */
export const seconds = (): number => performance.now() / 1000;

/** Seconds since 1970, for event files. Never for a result. */
export const wallSeconds = (): number => (performance.timeOrigin + performance.now()) / 1000;
