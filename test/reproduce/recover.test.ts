/** Cipher pictures of a run folder, recovered from each alone, in ranges small enough for a test. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SearchOptions } from '../../src/attacks/parameters/types.ts';
import { encryptImage, parameterRanges, parametersFromSigmoid, presets } from '../../src/cipher/index.ts';
import { encodePng, loadRaster } from '../../src/data/images/image.ts';
import { mriPhantom } from '../../src/data/images/phantoms/mri.ts';
import { recoveredAttack, recoverPictures } from '../../src/reproduce/recover.ts';
import { runFile } from '../../src/runs/run-files.ts';
import { InputError } from '../../src/shared/errors.ts';
import { readInput } from '../../src/shared/files.ts';
import { readRecovered } from '../../src/tables/recovered.ts';
import type { CellRecord } from '../../src/tables/results.ts';
import { temporaryFolder } from './_reproduction.ts';

const out = temporaryFolder();
afterAll(() => rmSync(out, { recursive: true, force: true }));

const plain = mriPhantom(96, 80, 3);
const parameters = {
  logistic: parametersFromSigmoid('logistic', Float32Array.of(0.91)),
  lorenz: parametersFromSigmoid('lorenz', Float32Array.of(0.91, 0.41, 0.27)),
};
const cells = (['logistic', 'lorenz'] as const).map(
  (map) =>
    ({
      image: 'table7a',
      method: `${map}+resnet18`,
      preset: 'paper',
      parameters: parameters[map],
    }) as unknown as CellRecord,
);
const limits: Partial<SearchOptions> = {
  threads: 1,
  outputs: { first: new Uint32Array(Float32Array.of(0.91).buffer)[0]! - 100, count: 200 },
  ranges: parameters.lorenz.map((value, i) => {
    const [low, high] = parameterRanges.lorenz[i]!;
    return [value - 0.004 * (high - low), value + 0.006 * (high - low)] as const;
  }),
  passes: [{ certain: 6, keep: 1000 }],
};

beforeAll(async () => {
  for (const map of ['logistic', 'lorenz'] as const) {
    const folder = join(out, 'images', 'table7a', `${map}+resnet18`);
    mkdirSync(folder, { recursive: true });
    const { cipher } = encryptImage(map, parameters[map], plain, presets.paper);
    writeFileSync(join(folder, 'plain.png'), await encodePng(plain));
    writeFileSync(join(folder, 'cipher.png'), await encodePng(cipher));
  }
});

describe('both maps', { timeout: 60_000 }, () => {
  test('parameters, share, pictures, and the file of them', async () => {
    const searches = await recoverPictures(out, 'paper', cells, limits);
    for (const [i, { map, found, share, finding, pictures }] of searches.entries()) {
      expect(found).toEqual(parameters[map]);
      expect([map, share]).toEqual([['logistic', 'lorenz'][i], 100]);
      expect(finding).toMatch(/one cipher picture alone gave .* 100\.00 % of the picture's samples/);
      const path = join(out, pictures.recovered!);
      const image = await loadRaster(await readInput(path), path, 'native');
      expect(image.data).toEqual(plain.data);
      expect([pictures.plain, pictures.cipher].every((name) => existsSync(join(out, name)))).toBe(true);
    }
    expect(await readRecovered(out)).toEqual(searches);
    expect(await recoveredAttack(out, searches)).toMatchObject({
      ...{ name: 'ciphertext-only', scheme: 'paper', success: true, successRate: 1, rounds: 2, queries: 0 },
      pictureNames: ['plain', 'cipher', 'recovered'],
    });
    for (const name of ['plain', 'cipher', 'recovered'])
      expect(existsSync(join(out, 'attacks', 'paper', 'ciphertext-only', `${name}.png`))).toBe(true);
    expect(await recoverPictures(out, 'paper', cells, limits)).toEqual(searches); // seconds too: it searched once
  });

  test('a preset whose Lorenz orbit cannot be searched says so', async () => {
    const sound = cells.map((cell) => ({ ...cell, preset: 'sound' }));
    const [, lorenz] = await recoverPictures(out, 'sound', sound, limits);
    expect(lorenz).toMatchObject({ found: null, share: 0, pictures: { recovered: null } });
    expect(lorenz!.finding).toMatch(/burn-in of 0, got 1000/);
  });
});

test('no file is no search, a damaged one is refused', async () => {
  expect(await readRecovered(join(out, 'elsewhere'))).toEqual([]);
  writeFileSync(runFile(out, 'recovered'), '{"version": 1, "searches": [{}]}');
  await expect(readRecovered(out)).rejects.toThrow(InputError);
});
