/** `-` as a file: standard input, or standard output. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baselineParams, encryptImage, presets } from '../../src/cipher/index.ts';
import { encodePng, loadRaster } from '../../src/data/images/image.ts';
import { mriPhantom } from '../../src/data/images/phantoms/mri.ts';
import { medchaosHere } from './_cli.ts';

const bin = fileURLToPath(new URL('../../bin/medchaos.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'medchaos-streams-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** `medchaos ...args < input`. */
function piped(args: string, input: Uint8Array | string) {
  const run = spawnSync(process.execPath, [bin, ...args.split(' ')], { cwd: folder, input });
  return { code: run.status, stdout: run.stdout, text: run.stdout.toString(), stderr: run.stderr.toString() };
}

const plain = mriPhantom(64, 48, 5);
const { cipher } = encryptImage('logistic', baselineParams.logistic, plain, presets.paper);
let plainPng: Buffer;
let cipherPng: Buffer;
beforeAll(async () => {
  [plainPng, cipherPng] = [await encodePng(plain), await encodePng(cipher)];
  writeFileSync(join(folder, 'x.png'), plainPng);
  writeFileSync(join(folder, 'y.png'), cipherPng);
});

describe('standard input', () => {
  test('metrics: the object of a file, but for its name', async () => {
    const here = await medchaosHere(['metrics', 'x.png', 'y.png', '--json'], folder);
    const { code, text, stderr } = piped('metrics - y.png --json', plainPng);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(text)).toEqual({ ...JSON.parse(here.stdout), plain: '-' });
  });

  test('nist: bytes, and the samples of a picture', () => {
    const { code, text } = piped('nist - --tests frequency,runs --json', cipherPng);
    expect([code, JSON.parse(text).source]).toEqual([0, 'standard input: image 64x48, 1 channel, 8 bit']);
    expect(piped('nist - --tests frequency', '').stderr).toMatch(
      /^medchaos: standard input expected at least 1 bit/,
    );
  });

  test('review: table in, memo out', () => {
    const { code, text, stderr } = piped(
      'review - --out -',
      'image,size,channels,npcr\nLena,256x256,1,99.90\n',
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(text).toMatch(/^# Review of standard input\n/);
    expect(existsSync(join(folder, '-'))).toBe(false);
  });

  test('inspect: a picture', () => {
    expect(piped('inspect -', plainPng).text).toMatch(/picture, not encrypted/);
  });

  test('one file only', async () => {
    const { code, stderr } = await medchaosHere(['metrics', '-', '-'], folder);
    expect([code, stderr]).toEqual([
      2,
      'medchaos: - is standard input, which holds one file, got it twice; give a path for the other\n',
    ]);
  });
});

test('encrypt from a pipe, decrypt to one: the picture, and nothing beside it', async () => {
  expect((await medchaosHere(['keygen', '--bits', '2048'], folder)).code).toBe(0);
  const sealed = piped('encrypt - --params 3.95 --recipient public.pem --out sealed', plainPng);
  expect([sealed.code, sealed.stderr]).toEqual([0, '']);
  const key = '--keys sealed/stdin.keys.jwe --private-key private.pem --out -';
  const opened = piped(`decrypt - ${key}`, readFileSync(join(folder, 'sealed', 'stdin.cipher.png')));
  expect([opened.code, opened.stderr]).toEqual([0, '- -> -\n']);
  const back = await loadRaster(opened.stdout, 'opened', 'native');
  expect(Buffer.from(back.data).equals(Buffer.from(plain.data))).toBe(true);
});
