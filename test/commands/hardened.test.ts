/** encrypt, whose default scheme is the hardened one, and decrypt, through the real command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePng, loadRaster } from '../../src/data/images/image.ts';
import { stream } from '../../src/shared/random.ts';
import { bytes, noiseImage } from '../attacks/_images.ts';
import { type CliResult, medchaos, medchaosHere } from './_cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-hardened-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (...parts: string[]) => join(dir, ...parts);
const run = (...args: string[]) => medchaos(args, dir);
const hardened = ['--params', '3.95', '--recipient', 'keys/public.pem'];
const pictures = {
  'grey.png': noiseImage({ width: 70, height: 41, channels: 1, depth: 8 }, stream(1, 'cli')),
  'rgb16.png': noiseImage({ width: 20, height: 31, channels: 3, depth: 16 }, stream(2, 'cli')),
};

beforeAll(async () => {
  for (const [name, raster] of Object.entries(pictures)) writeFileSync(at(name), await encodePng(raster));
  expect(run('keygen', '--bits', '2048', '--out', 'keys').code).toBe(0);
  const date = ['--date', '2023-03-04T05:06:07'];
  const done = run('encrypt', ...Object.keys(pictures), ...hardened, ...date, '--out', 'done', '--json');
  expect(done.stderr).toBe('');
  expect(JSON.parse(done.stdout).files[0]).toMatchObject({ scheme: 'hardened', parameters: 'by hand' });
});

const opening = (cipher: string, keys: string, out: string): string[] => {
  const key = ['--private-key', 'keys/private.pem'];
  return ['decrypt', cipher, '--keys', keys, ...key, '--out', out, '--json'];
};

test.each(Object.entries(pictures))('%s comes back exactly, with its date', async (name, plain) => {
  const stem = name.replace('.png', '');
  const result = run(...opening(`done/${stem}.cipher.png`, `done/${stem}.keys.jwe`, `back-${name}`));
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(result.stdout)).toMatchObject({ scheme: 'hardened', date: '2023-03-04T05:06:07' });
  const back = await loadRaster(readFileSync(at(`back-${name}`)), name, 'native');
  expect(back.depth).toBe(plain.depth);
  expect(bytes(back.data).equals(bytes(plain.data))).toBe(true);
});

test('the same command twice gives other files', () => {
  expect(run('encrypt', 'grey.png', ...hardened, '--out', 'again').code).toBe(0);
  const [once, twice] = ['done', 'again'].map((folder) => readFileSync(at(folder, 'grey.cipher.png')));
  expect(once!.equals(twice!)).toBe(false);
});

describe('bad input: exit code 2, one sentence', () => {
  const here = (...args: string[]) => medchaosHere(args, dir);
  const table: [string, () => Promise<CliResult>, RegExp][] = [
    ['a preset', () => here('encrypt', 'grey.png', ...hardened, '--preset', 'sound'), /--preset is a choice/],
    [
      'a key format',
      () => here('encrypt', 'grey.png', ...hardened, '--key-format', 'npz'),
      /--key-format is/,
    ],
    ['an unknown scheme', () => here('encrypt', 'grey.png', '--scheme', 'aes', ...hardened), /aes/],
    [
      'key files exchanged',
      () => here(...opening('done/grey.cipher.png', 'done/rgb16.keys.jwe', 'x.png')),
      /for an image of 20x31/,
    ],
    [
      'another cipher image',
      () => here(...opening('grey.png', 'done/grey.keys.jwe', 'x.png')),
      /another cipher image/,
    ],
  ];
  test.each(table)('%s', async (_, attempt, message) => {
    const { code, stdout, stderr } = await attempt();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n').length).toBe(1);
  });
});
