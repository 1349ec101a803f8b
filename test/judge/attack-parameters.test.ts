/** `attack parameters` on files: a key found, and inputs that give none. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { encryptImage, presets } from '../../src/cipher/index.ts';
import { encodePng } from '../../src/data/images/image.ts';
import { mriPhantom } from '../../src/data/images/phantoms/mri.ts';
import { attackParameters, cipherOf, mapOf } from '../../src/judge/attack-parameters.ts';
import type { Raster } from '../../src/shared/types.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-parameters-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function written(name: string, raster: Raster): Promise<string> {
  writeFileSync(join(dir, name), await encodePng(raster));
  return join(dir, name);
}
const plain = mriPhantom(64, 48, 1);
const black: Raster = { ...plain, data: new Uint8Array(plain.data.length) };
const encrypted = (image: Raster): Raster => encryptImage('logistic', [3.95], image, presets.paper).cipher;
const request = { preset: 'paper', map: 'logistic', out: dir } as const;

test('parameters that people choose, from the cipher alone', async () => {
  const cipher = await written('x.png', encrypted(plain));
  const record = await attackParameters({ ...request, cipher });
  expect(record).toMatchObject({ found: true, exact: true, parameters: [3.95], map: 'logistic' });
  expect(existsSync(record.recovered!)).toBe(true);
});

test('one known black picture', async () => {
  const cipher = await written('black.cipher.png', encrypted(black));
  const record = await attackParameters({ ...request, cipher, plain: await written('black.png', black) });
  expect(record).toMatchObject({ found: true, exact: true, parameters: [3.95] });
  expect(record.tried).toBeLessThan(1000);
});

test('a wrong map says where else to look', async () => {
  const made = encryptImage('lorenz', [10, 28, 2.667], black, presets.paper).cipher;
  const cipher = await written('lorenz.png', made);
  const record = await attackParameters({ ...request, cipher, plain: join(dir, 'black.png') });
  expect(record).toMatchObject({ found: false, parameters: null, recovered: null });
  expect(record.finding).toMatch(/no parameters found .*Then try --map lorenz or --preset sound$/);
});

test.each<[string, () => Promise<string>, RegExp]>([
  ['a picture', () => written('plain.png', plain), /expected a cipher picture, got one whose neighbours/],
  ['a black picture', () => written('b.png', black), /expected a cipher picture, got one whose neighbours/],
  ['a tiny cipher', () => written('tiny.png', encrypted(mriPhantom(12, 12, 1))), /at least 256 samples/],
  ['no picture', async () => import.meta.filename, /attack-parameters\.test\.ts/],
  ['no file', async () => join(dir, 'none.png'), /cannot read image/],
])('%s is refused in one sentence', async (_, file, message) => {
  const cipher = await file();
  await expect(attackParameters({ ...request, cipher })).rejects.toThrow(message);
});

test('a plain picture of another size is refused', async () => {
  const cipher = await written('y.png', encrypted(plain));
  const other = await written('other.png', mriPhantom(32, 32, 1));
  await expect(attackParameters({ ...request, cipher, plain: other })).rejects.toThrow(
    /expected size, channels/,
  );
});

test('no picture named, and another map', () => {
  expect(() => cipherOf(undefined)).toThrow(/give attack parameters CIPHER\.png/);
  expect(() => mapOf('henon')).toThrow(/--map expected logistic or lorenz/);
});
