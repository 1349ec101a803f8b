/** The gallery's fourth picture: the one that an attacker recovers from this cell. */
import { join } from 'node:path';
import { attacks, partyOf } from '../attacks/index.ts';
import { type PresetName, schemes } from '../cipher/index.ts';
import { encodePng } from '../data/images/image.ts';
import { writeWhole } from '../shared/files.ts';
import type { CellRecord } from '../tables/results.ts';
import { methodOf } from './parameter-source.ts';
import type { SampleImage } from './samples.ts';

const attack = 'chosen-plaintext';

/**
 * Chosen plaintext against a cell's own keys; the recovered picture is written as OUT/images/<image>/<method>/attacked.png.
 * @returns the cell, and how much of it was recovered
 */
export async function attackCell(
  out: string,
  { raster }: SampleImage,
  cell: CellRecord,
): Promise<CellRecord> {
  const { map } = methodOf(cell.method);
  const preset = cell.preset as PresetName;
  const party = partyOf(schemes.paper, { map, params: cell.parameters, preset });
  const others = [raster, raster] as const; // asked for by no attack that chooses its images
  const input = { party, plain: raster, others, seed: 1, trials: 1 };
  const { queries, details, pictures } = await attacks[attack](input);
  const recovered = pictures?.recovered;
  if (!recovered) return cell;
  await writeWhole(join(out, 'images', cell.image, cell.method, 'attacked.png'), await encodePng(recovered));
  return { ...cell, attacked: { attack, queries, recovered: 100 * (details.recoveredShare as number) } };
}
