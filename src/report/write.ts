/** Everything that a reproduction leaves beside its pictures: run.json, tables, figures, the report. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runFile } from '../runs/run-files.ts';
import { InputError } from '../shared/errors.ts';
import { makeFolder, readInput, writeWhole } from '../shared/files.ts';
import { checked, z } from '../shared/schema.ts';
import { toCsv, toLatex, toMarkdown } from '../tables/print.ts';
import { readRecovered } from '../tables/recovered.ts';
import type { ReproductionResults } from '../tables/results.ts';
import { writeResults } from '../tables/run-json.ts';
import { buildTables, dicomTable, type Table, tableFile } from '../tables/tables.ts';
import { type AttackShown, attackSchema } from './attack-section.ts';
import type { Figure } from './figure.ts';
import { buildFigures } from './figures.ts';
import { renderReport } from './html.ts';
import { missingOf } from './missing.ts';
import { loadPictures } from './pictures.ts';
import { toPlotly } from './plotly.ts';
import { toSvg } from './svg.ts';

const formats = { csv: toCsv, md: toMarkdown, tex: toLatex };

/** Writes the results before the report: `report` makes the report again from them. */
export async function writeReproduction(out: string, results: ReproductionResults): Promise<void> {
  await makeFolder(out);
  await writeResults(out, results);
  await writeReport(out, results);
}

/**
 * Writes OUT/tables/table-1..7.{csv,md,tex} (and dicom.*), OUT/figures/*.{json,svg} and OUT/report.html, from the results
 * and from OUT/images/<image>/<method>/{plain,cipher,decrypted}.png. All are made before the first is written.
 * @param notes what else the reader must know first, a sentence each
 * @returns the notes, and what is missing in the run
 * @throws InputError if OUT cannot be written to, or one of its pictures is damaged
 */
export async function writeReport(
  out: string,
  results: ReproductionResults,
  notes: readonly string[] = [],
): Promise<string[]> {
  const tables = buildTables(results);
  const dicom = dicomTable(results);
  const pictures = await loadPictures(out, results);
  const [attacks, recovered] = await Promise.all([readAttacks(out), readRecovered(out)]);
  const figures = buildFigures(results, pictures);
  const missing = [...notes, ...missingOf(results, pictures)];
  const page = await renderReport({
    ...{ results, tables, figures, pictures, attacks, missing },
    ...{ recovered, folder: out },
  });
  await writeTables(await makeFolder(join(out, 'tables')), dicom ? [...tables, dicom] : tables);
  await writeFigures(await makeFolder(join(out, 'figures')), figures);
  await writeWhole(runFile(out, 'report'), page);
  return missing;
}

/**
 * What `attack --out OUT/attacks` left; none where it was not run.
 * @throws InputError if the file is damaged
 */
export async function readAttacks(out: string): Promise<AttackShown[]> {
  const path = join(out, 'attacks', 'attacks.json');
  if (!existsSync(path)) return [];
  const text = (await readInput(path)).toString('utf8');
  try {
    const { attacks } = JSON.parse(text);
    return checked(z.array(attackSchema), attacks);
  } catch {} // the error below has the remedy
  throw new InputError(`${path} is damaged; make it again: medchaos attack all --out ${dirname(path)}`);
}

/** Tables in their three formats. */
async function writeTables(folder: string, tables: readonly Table[]): Promise<void> {
  for (const table of tables)
    for (const [kind, write] of Object.entries(formats))
      await writeWhole(join(folder, `${tableFile(table)}.${kind}`), write(table));
}

async function writeFigures(folder: string, figures: readonly Figure[]): Promise<void> {
  for (const figure of figures) {
    await writeWhole(join(folder, `${figure.id}.json`), `${JSON.stringify(toPlotly(figure))}\n`);
    await writeWhole(join(folder, `${figure.id}.svg`), toSvg(figure));
  }
}
