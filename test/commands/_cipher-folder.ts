/** A folder of pictures, two key pairs and the paper scheme's ciphers of the pictures, for tests of the command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { encodePng, loadRaster } from '../../src/data/images/image.ts';
import type { Raster } from '../../src/shared/types.ts';
import { type CliResult, medchaos, medchaosHere } from './_cli.ts';

export const paper = ['--scheme', 'paper'];
export const byHand = [...paper, '--params', '10,28,2.667', '--recipient', 'keys/public.pem'];

/** A smooth picture, so that a permutation shows. */
export function picture(width: number, height: number, channels: number, depth: 8 | 16): Raster {
  const data =
    depth === 8 ? new Uint8Array(width * height * channels) : new Uint16Array(width * height * channels);
  for (let k = 0; k < data.length; k++) data[k] = 3 * k + Math.floor(k / width);
  return { width, height, channels, depth, data };
}

export const pictures: Record<string, Raster> = {
  'one.png': picture(1, 1, 1, 8),
  'grey.png': picture(150, 131, 1, 8),
  'rgb.png': picture(61, 40, 3, 8),
  'rgba.png': picture(20, 33, 4, 8),
  'grey16.png': picture(131, 20, 1, 16),
};

/** Makes the folder before the tests of the file that calls it, and removes it after them. */
export function cipherFolder() {
  const dir = mkdtempSync(join(tmpdir(), 'medchaos-cipher-'));
  const at = (...parts: string[]) => join(dir, ...parts);
  const run = (...args: string[]): CliResult => medchaos(args, dir);
  const here = (...args: string[]): Promise<CliResult> => medchaosHere(args, dir);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  beforeAll(async () => {
    for (const [name, raster] of Object.entries(pictures)) writeFileSync(at(name), await encodePng(raster));
    expect(run('keygen', '--bits', '2048', '--out', 'keys').code).toBe(0);
    expect(run('keygen', '--bits', '2048', '--out', 'other').code).toBe(0);
    expect(run('encrypt', ...Object.keys(pictures), ...byHand, '--out', 'done').stderr).toMatch(
      /^warning: the paper scheme is for study and protects no patient[^\n]*\n$/,
    );
  });
  const load = async (path: string) => loadRaster(readFileSync(at(path)), path, 'native');
  const decrypt = (cipher: string, out: string, ...more: string[]) =>
    here('decrypt', cipher, '--private-key', 'keys/private.pem', '--out', out, ...more);
  return { dir, at, run, here, load, decrypt };
}
