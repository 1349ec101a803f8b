/** A launcher starts cells: as processes of this machine, or in a cluster's queue. Cells and folders are the same. */

export const launcherNames = ['local', 'slurm'] as const;

export interface LaunchOptions {
  /** Cells at a time. */
  readonly jobs: number;
  /** Seconds that a cell may take. */
  readonly timeLimit: number;
  /** MiB that a cell may take; null for no limit. */
  readonly memory: number | null;
  /** Start no more cells after the first failure. */
  readonly failFast: boolean;
  /** Cells that one process, and one task of a queue, takes one after another; by default 1. */
  readonly perTask?: number;
}

/** In order, `size` cells each. */
export const groupsOf = (folders: readonly string[], size = 1): string[][] =>
  Array.from({ length: Math.ceil(folders.length / size) }, (_, k) => folders.slice(k * size, (k + 1) * size));

export interface Launcher {
  /**
   * Runs the cells in these folders and leaves a status in each that was started.
   * @param onEnd called as each ends
   */
  launch(
    folders: readonly string[],
    options: LaunchOptions,
    onEnd: (folder: string) => Promise<void>,
  ): Promise<void>;
}
