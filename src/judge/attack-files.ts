/** Files of attacks in their folder: attacks.json, attacks.html, and the pictures. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { encodePng } from '../data/images/image.ts';
import { renderAttacks } from '../report/attack-page.ts';
import type { AttackShown } from '../report/attack-section.ts';
import { makeFolder, readInput, writeJson, writeWhole } from '../shared/files.ts';
import type { Raster } from '../shared/types.ts';

/**
 * Adds to what the folder holds: an attack that ran again replaces its former record, others stay, so that `attack all`
 * and `attack date` into one folder make one page.
 * @param head map and parameters, say, kept at the top of attacks.json
 */
export async function writeAttacks(
  out: string,
  head: Readonly<Record<string, unknown>>,
  records: readonly AttackShown[],
): Promise<void> {
  const path = join(out, 'attacks.json');
  const before = existsSync(path) ? await readAttacks(path) : {};
  const again = new Set(records.map(({ name, scheme }) => `${name} ${scheme}`));
  const kept = (before.attacks ?? []).filter(({ name, scheme }) => !again.has(`${name} ${scheme}`));
  const attacks = [...kept, ...records];
  await writeJson(path, { ...before, ...head, attacks });
  await writeWhole(join(out, 'attacks.html'), await renderAttacks(attacks, out));
}

/** A file that is not ours counts as none: it is written anew. */
async function readAttacks(path: string): Promise<{ attacks?: AttackShown[] }> {
  try {
    const found = JSON.parse((await readInput(path)).toString('utf8'));
    return Array.isArray(found?.attacks) ? found : {};
  } catch {
    return {};
  }
}

/** Each as FOLDER/<stem>.png. */
export async function writePictures(
  folder: string,
  pictures: Readonly<Record<string, Raster>>,
): Promise<void> {
  const entries = Object.entries(pictures);
  if (entries.length > 0) await makeFolder(folder);
  for (const [stem, raster] of entries)
    await writeWhole(join(folder, `${stem}.png`), await encodePng(raster));
}
