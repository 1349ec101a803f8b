/** Key recovery at 512x512 by chosen and by known plaintext, the oracle's own work included; each run checks the image. */
import { keysFromPairs, oracleOf, partyOf, recoverKeys } from '../src/attacks/index.ts';
import { type MapName, paperMaps } from '../src/chaos/maps.ts';
import { baselineParams, decryptRaster, type Keys, schemes } from '../src/cipher/index.ts';
import { mriPhantom } from '../src/data/images/phantoms/mri.ts';
import type { Raster } from '../src/shared/types.ts';
import { type Effort, medians, sizeText } from './_measure.ts';
import { type BenchRow, row } from './row.ts';

const effort: Effort = { runs: 31, seconds: 4 };

/** What a run may take, ms, at 512x512. */
const limits = { chosen: 50, known: 500 };

export async function benchAttack(side = 512): Promise<BenchRow[]> {
  const [plain, first, second] = [1, 2, 3].map((seed) => mriPhantom(side, side, seed));
  const rows: BenchRow[] = [];
  for (const map of paperMaps) rows.push(...(await rowsOf(map, plain!, [first!, second!], side === 512)));
  return rows;
}

async function rowsOf(
  map: MapName,
  plain: Raster,
  known: readonly Raster[],
  promised: boolean,
): Promise<BenchRow[]> {
  const party = partyOf(schemes.paper, { map, params: baselineParams[map] });
  const encrypt = (image: Raster): Raster => party.encrypt(image).cipher;
  const cipher = encrypt(plain);
  const pairs = known.map((image) => ({ plain: image, cipher: encrypt(image) }));
  const chosen = (): Raster => opened(cipher, recoverKeys(oracleOf(plain, encrypt)));
  const other = (): Raster => opened(cipher, keysFromPairs(pairs)?.keys ?? null);
  const { ms, runs } = await medians([chosen, other], effort);
  const line = (work: string, ours: number, limit: number): BenchRow =>
    row({
      work: `${work} ${sizeText(plain)}, ${map}`,
      unit: 'ms',
      ours,
      limit: promised ? limit : null,
      runs,
    });
  return [
    line('chosen plaintext, image decrypted', ms[0]!, limits.chosen),
    line('known plaintext, image decrypted', ms[1]!, limits.known),
  ];
}

function opened(cipher: Raster, keys: Keys | null): Raster {
  if (!keys) throw new Error('the attack gave no key: the scheme under it has changed');
  return decryptRaster(cipher, keys);
}
