import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decryptRaster, openKeys, peerNames } from '../../src/cipher/index.ts';
import { loadRaster } from '../../src/data/images/image.ts';
import { openEngine } from '../../src/engine/engine.ts';
import type { Raster } from '../../src/shared/types.ts';
import { methodIds, type ReproductionResults, sampleIds, table7Ids } from '../../src/tables/results.ts';
import { medchaos } from '../commands/_cli.ts';
import { layOut, realFiles, stored } from '../data/datasets/_real-layout.ts';
import { same } from '../data/images/_images.ts';
import {
  adjacentPairs,
  chiSquarePlain,
  entropyPlain,
  msePlain,
  npcrPlain,
  pearsonPlain,
  uaciPlain,
} from '../twins/metrics.ts';
import { reproduceTiny, temporaryFolder, tinyProfile } from './_reproduction.ts';

const engine = await openEngine();
const root = temporaryFolder();
const out = join(root, 'out');
afterAll(() => rmSync(root, { recursive: true, force: true }));
let results: ReproductionResults;
beforeAll(async () => {
  results = await reproduceTiny(root, engine);
});

/** Samples of a PNG as stored, by sharp alone. */
async function pixels(...path: string[]): Promise<Raster> {
  const { data, info } = await sharp(join(out, 'images', ...path))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, depth: 8, data };
}

/** Rows of a CSV without quoted cells, as objects. */
function rowsOf(table: number): Record<string, string>[] {
  const [head, ...lines] = readFileSync(join(out, 'tables', `table-${table}.csv`), 'utf8')
    .trimEnd()
    .split('\n');
  const columns = head!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [columns[i]!, cell])));
}

const oursOf = (table: number, measure: string, image: string, method: string): number =>
  Number(rowsOf(table).find((r) => r.measure === measure && r.image === image && r.method === method)!.ours);

describe('what the contract asks for is there', () => {
  test.each([1, 2, 3, 4, 5, 6, 7])('table %i as CSV, Markdown and LaTeX', (n) => {
    for (const kind of ['csv', 'md', 'tex'])
      expect(existsSync(join(out, 'tables', `table-${n}.${kind}`))).toBe(true);
    expect(Object.keys(rowsOf(n)[0]!)).toEqual(
      'measure,image,method,published,ours,expected,sd,z'.split(','),
    );
  });

  test('pictures and key files of each image and method, figures, report, run.json', () => {
    for (const image of [...sampleIds, ...table7Ids])
      for (const method of methodIds) {
        const attacked = method === methodIds[0] ? ['attacked.png'] : [];
        expect(readdirSync(join(out, 'images', image, method)).sort()).toEqual([
          ...attacked,
          'cipher.png',
          'decrypted.png',
          'plain.png',
        ]);
        expect(existsSync(join(out, 'keys', image, `${method}.jwe`))).toBe(true);
      }
    expect(readdirSync(join(out, 'figures')).length).toBeGreaterThan(8);
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    expect(page).toContain('</html>');
    for (const name of [
      'logistic-resnet18',
      'logistic-mobilenetv2',
      'lorenz-resnet18',
      'lorenz-mobilenetv2',
    ]) {
      expect(page).toContain(`href="trainings/${name}.html"`);
      expect(readFileSync(join(out, 'trainings', `${name}.html`), 'utf8')).toContain('What the network sees');
    }
    const run = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as ReproductionResults;
    for (const { date, dateSource, parameters, preset, channels, seconds } of run.cells) {
      expect(date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      expect([dateSource.length > 0, parameters.length > 0, preset, channels]).toEqual([
        true,
        true,
        'paper',
        3,
      ]);
      expect(Object.values(seconds).every((s) => s >= 0)).toBe(true);
    }
    expect(JSON.parse(readFileSync(join(out, 'status.json'), 'utf8'))).toEqual({ state: 'done' });
  });

  test('every peer in Tables 2 and 7, its pictures beside the others', () => {
    const methods = ['hardened', ...peerNames().map((name) => `peer:${name}`)];
    for (const method of methods) {
      expect(rowsOf(2).filter((r) => r.method === method && r.ours !== '').length).toBe(4);
      for (const image of table7Ids) {
        expect(oursOf(7, 'entropy', image, method)).toBeGreaterThan(5);
        expect(readdirSync(join(out, 'images', image, method.replace(':', '-'))).sort()).toEqual([
          'cipher.png',
          'decrypted.png',
          'plain.png',
        ]);
      }
    }
  });

  test('the attacked picture is the plain one: two chosen images gave it back', async () => {
    const [plain, attacked] = [
      await pixels('sample2', methodIds[0], 'plain.png'),
      await pixels('sample2', methodIds[0], 'attacked.png'),
    ];
    expect(Buffer.from(attacked.data).equals(Buffer.from(plain.data))).toBe(true);
    expect(results.cells.find((c) => c.image === 'sample2')!.attacked).toEqual({
      attack: 'chosen-plaintext',
      queries: 2,
      recovered: 100,
    });
  });

  test('the private key is there to check with, and says that it is insecure', () => {
    expect(readdirSync(join(out, 'keys')).filter((name) => name.includes('insecure'))).toHaveLength(2);
    expect(readFileSync(join(out, 'keys', 'README.txt'), 'utf8')).toContain('INSECURE');
  });
});

describe('the numbers are those of the pictures, recomputed by the plain definitions', () => {
  test.each(['sample1', 'sample4', 'table7c'])('%s', async (image) => {
    const table = image.startsWith('table7') ? [7, 7] : [5, 6];
    for (const method of methodIds) {
      const [plain, cipher] = [
        await pixels(image, method, 'plain.png'),
        await pixels(image, method, 'cipher.png'),
      ];
      const mse = msePlain(plain, cipher);
      const expected: [string, number, number][] = [
        ['uaci', uaciPlain(plain, cipher), table[0]!],
        ['npcr', npcrPlain(plain, cipher), table[0]!],
        ['mse', mse, table[0]!],
        ['psnr', 20 * Math.log10(255 / Math.sqrt(mse)), table[0]!],
        ['entropy', entropyPlain(cipher), table[0]!],
        ['corr_h', pearsonPlain(adjacentPairs(cipher, 'horizontal')), table[1]!],
        ['corr_v', pearsonPlain(adjacentPairs(cipher, 'vertical')), table[1]!],
        ['corr_d', pearsonPlain(adjacentPairs(cipher, 'diagonal')), table[1]!],
      ];
      for (const [measure, value, number] of expected)
        expect(oursOf(number, measure, image, method), `${measure} ${method}`).toBeCloseTo(value, 9);
    }
  });

  test('chi-square of Table 3', async () => {
    const cipher = await pixels('sample2', 'lorenz', 'cipher.png');
    expect(oursOf(3, 'chi2_cipher', 'sample2', 'lorenz')).toBeCloseTo(chiSquarePlain(cipher), 6);
  });

  test('Table 4: exact decryption of everything', () => {
    for (const { measure, ours } of rowsOf(4)) expect(ours).toBe(measure === 'psnr' ? 'inf' : '0');
  });
});

test('numbers of a peer and of the hardened scheme are those of their pictures', async () => {
  for (const [method, folder] of [
    ['peer:2d-lasm', 'peer-2d-lasm'],
    ['hardened', 'hardened'],
  ] as const) {
    const plain = await pixels('table7b', folder, 'plain.png');
    const cipher = await pixels('table7b', folder, 'cipher.png');
    expect(oursOf(7, 'npcr', 'table7b', method)).toBeCloseTo(npcrPlain(plain, cipher), 9);
    expect(oursOf(7, 'mse', 'table7b', method)).toBeCloseTo(msePlain(plain, cipher), 9);
    expect(oursOf(7, 'entropy', 'table7b', method)).toBeCloseTo(entropyPlain(cipher), 9);
  }
});

test('a receiver decrypts from cipher.png, key file and private key alone', async () => {
  const privatePem = readFileSync(join(out, 'keys', 'demonstration-insecure-private.pem'), 'utf8');
  const cipher = await pixels('sample3', 'lorenz+resnet18', 'cipher.png');
  const jwe = readFileSync(join(out, 'keys', 'sample3', 'lorenz+resnet18.jwe'), 'latin1');
  const { keys } = await openKeys(jwe, cipher, privatePem);
  const plain = await pixels('sample3', 'lorenz+resnet18', 'plain.png');
  expect(Buffer.from(decryptRaster(cipher, keys).data).equals(Buffer.from(plain.data))).toBe(true);
});

test('run again it reuses the networks and finds the same numbers', async () => {
  const again = await reproduceTiny(root, engine);
  expect(again.training).toEqual(results.training);
  expect(again.cells.map(({ parameters, measures }) => ({ parameters, measures }))).toEqual(
    results.cells.map(({ parameters, measures }) => ({ parameters, measures })),
  );
});

describe('the command, on a folder laid out like the real archives', () => {
  const again = join(root, 'again');
  let found: { code: number | null; stdout: string; stderr: string };
  beforeAll(async () => {
    await layOut(join(root, 'data'));
    writeFileSync(
      join(root, 'tiny.ts'),
      `export default ${JSON.stringify({ ...tinyProfile, name: 'tiny' })};`,
    );
    const options = ['--profile', 'tiny.ts', '--data', 'data', '--runs', 'runs', '--out', 'again', '--json'];
    found = medchaos(['reproduce-tables', ...options], root);
  });

  test('takes all nine pictures from it, with the networks that are there, and is exact', () => {
    expect(found.code, found.stderr).toBe(0);
    expect(found.stderr).not.toContain('train loss');
    expect(JSON.parse(found.stdout)).toMatchObject({ cells: 54, exact: 54 });
    const { images, cells } = JSON.parse(
      readFileSync(join(again, 'run.json'), 'utf8'),
    ) as ReproductionResults;
    const names = new Set([...Object.keys(realFiles).map((path) => basename(path)), 'IM1']);
    expect(images.every(({ source }) => names.has(source))).toBe(true);
    expect(new Set(images.map(({ source }) => source)).size).toBe(9);
    expect(cells.filter(({ image }) => image === 'dicom')).toHaveLength(6);
  });

  test('a DICOM picture goes through the cipher as stored, to the bit', async () => {
    const { images } = JSON.parse(readFileSync(join(again, 'run.json'), 'utf8')) as ReproductionResults;
    const taken = { id: 'dicom', source: 'IM1', width: 24, height: 20, channels: 1, depth: 16 };
    expect(images.at(-1)).toMatchObject({ ...taken, date: '2004-01-11T07:08:09' });
    const picture = async (name: string): Promise<Raster> =>
      loadRaster(readFileSync(join(again, 'images/dicom/lorenz+resnet18', name)), name, 'native');
    const plain = await picture('plain.png');
    // Signed values of 12 bits, moved up by 2048.
    expect([...plain.data]).toEqual(Array.from(stored, (v) => (v & 4095) ^ 2048));
    expect(same(await picture('decrypted.png'), plain)).toBe(true);
    expect(same(await picture('cipher.png'), plain)).toBe(false);
  });

  test('the report shows it through its window, with a table of its own', async () => {
    const page = readFileSync(join(again, 'report.html'), 'utf8');
    expect(page).toContain('id="dicom-image"');
    expect(page).toMatch(/DICOM CT, IM1, 24x20 as stored, 12 bits with a sign.*through its display window/);
    for (const kind of ['csv', 'md', 'tex'])
      expect(readFileSync(join(again, `tables/dicom.${kind}`), 'utf8')).toMatch(/dicom/i);
    const [, uri] = /src="data:image\/jpeg;base64,([^"]+)" alt="DICOM, plain image"/.exec(page)!;
    const shown = await sharp(Buffer.from(uri!, 'base64')).greyscale().raw().toBuffer();
    // Window 40 +- 200: values of -2048 to 2047 are black or white but for one in ten. Without it, one in three.
    expect(shown.filter((v) => v < 40 || v > 215).length / shown.length).toBeGreaterThan(0.7);
  });
});
