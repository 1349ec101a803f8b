/** Removes run folders. A run at work and a kept run stay. */
import { rename, rm } from 'node:fs/promises';
import { runFile } from '../runs/run-files.ts';
import { InputError } from '../shared/errors.ts';
import { writeWhole } from '../shared/files.ts';
import type { RunEntry } from './list-runs.ts';

export interface Removal {
  readonly removed: readonly RunEntry[];
  readonly left: readonly { readonly id: string; readonly why: string }[];
}

/** Why a run must stay; null if it may go. */
function whyStays({ state, kept }: RunEntry): string | null {
  if (state === 'running') return 'a process works on it';
  return kept ? 'it is kept; runs keep --off RUN releases it' : null;
}

/**
 * Each folder is renamed first, so that a kill leaves no half of a run under its name.
 * @param dryRun removes nothing
 * @throws InputError for a named run that must stay
 */
export async function removeRuns(
  entries: readonly RunEntry[],
  { dryRun, named }: { readonly dryRun: boolean; readonly named: boolean },
): Promise<Removal> {
  const left = entries.flatMap((entry) => {
    const why = whyStays(entry);
    return why === null ? [] : [{ id: entry.id, why }];
  });
  if (named && left.length > 0) throw new InputError(`${left[0]!.id} is not removed: ${left[0]!.why}`);
  const removed = entries.filter((entry) => whyStays(entry) === null);
  if (!dryRun) for (const { folder } of removed) await removeFolder(folder);
  return { removed, left };
}

async function removeFolder(folder: string): Promise<void> {
  const doomed = `${folder}.removed`;
  await rm(doomed, { recursive: true, force: true });
  await rename(folder, doomed);
  await rm(doomed, { recursive: true, force: true });
}

export const keepRun = ({ folder }: RunEntry, keep: boolean): Promise<void> =>
  keep ? writeWhole(runFile(folder, 'keep'), new Uint8Array()) : rm(runFile(folder, 'keep'), { force: true });
