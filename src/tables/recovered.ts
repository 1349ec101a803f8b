/** recovered.json of a reproduction: what the search for parameters made of its cipher pictures, from each alone. */
import { existsSync } from 'node:fs';
import { paperMaps } from '../chaos/maps.ts';
import { runFile } from '../runs/run-files.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { readInput, writeJson } from '../shared/files.ts';
import { checked, type Of, oneOf, z } from '../shared/schema.ts';
import { methodIds } from './results.ts';

const parameters = z.array(z.number()).min(1);

const search = z.object({
  /** `table7a`. */
  image: z.string(),
  method: oneOf(methodIds),
  map: oneOf(paperMaps),
  preset: z.string(),
  /** The parameters in force. */
  parameters,
  /** The parameters that the search gave; null where it failed. */
  found: parameters.nullable(),
  /** Parameters (logistic) or cells of them (Lorenz) that were tried. */
  tried: z.number(),
  seconds: z.number(),
  /** Samples of the plain picture that came out, percent; 0 where the search failed. */
  share: z.number(),
  /** One sentence with the numbers that decide. */
  finding: z.string(),
  /** Files, from the run folder. */
  pictures: z.object({ plain: z.string(), cipher: z.string(), recovered: z.string().nullable() }),
});
/** One cipher picture that was searched. */
export type RecoveredPicture = Of<typeof search>;

const file = z.object({ version: z.literal(1), searches: z.array(search) });

/** None where the run has no such file. @throws InputError for a damaged file */
export async function readRecovered(out: string): Promise<RecoveredPicture[]> {
  const path = runFile(out, 'recovered');
  if (!existsSync(path)) return [];
  try {
    return checked(file, JSON.parse((await readInput(path)).toString('utf8'))).searches;
  } catch (error) {
    throw new InputError(
      `${path} is damaged: ${messageOf(error)}; delete it and run again: medchaos reproduce-tables`,
    );
  }
}

export const writeRecovered = (out: string, searches: readonly RecoveredPicture[]): Promise<void> =>
  writeJson(runFile(out, 'recovered'), { version: 1, searches });
