/** `report` as a function. */

export interface ReportWritten {
  readonly path: string;
  /** What the run lacks, a sentence each; the page says it too. */
  readonly missing: readonly string[];
}

/**
 * Writes report.html of each run again; of two reproductions, or several trainings, their comparison too.
 * @param runs folders or ids
 * @throws InputError for a run without results
 */
export async function report(...runs: readonly string[]): Promise<readonly ReportWritten[]> {
  const { reportRuns } = await import('../tools/report-run.ts');
  return reportRuns(runs);
}
