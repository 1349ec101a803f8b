/**
 * The tarball in a fresh project, as `npm install` leaves it there, without our .npmrc; and in another, with
 * TensorFlow and danfojs as README.md adds them. A minute or two, and a package registry.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadRaster } from '../src/data/images/image.ts';
import { readInput } from '../src/shared/files.ts';
import type { Raster } from '../src/shared/types.ts';

const root = join(import.meta.dirname, '..');
const missing = process.env.MEDCHAOS_TEST_PACKAGE
  ? null
  : 'slow, needs the network; run: npm run test:package';

const folder = mkdtempSync(join(tmpdir(), 'medchaos-fresh-'));
afterAll(() => rmSync(folder, { recursive: true }));
const project = join(folder, 'plain');
const tarball = join(folder, 'medchaos.tgz');
/** Optional peers: hundreds of megabytes, or fetched from hosts that many networks block. */
const heavy = ['@tensorflow/tfjs-node-gpu', 'danfojs-node'];
const installed = (name: string, at = project): boolean => existsSync(join(at, 'node_modules', name));

/** What it prints on stdout; what it says on stderr is part of the error. */
const run = (program: string, args: string, cwd = project): string =>
  execFileSync(program, args.split(' '), { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const bytesOf = (data: Raster['data']) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** A folder with a package.json; npm as a stranger has it, without the settings of `npm run` in this checkout. */
function startProject(at: string, more = {}): void {
  mkdirSync(at);
  writeFileSync(join(at, 'package.json'), JSON.stringify({ name: 'fresh', private: true, ...more }));
  for (const name of Object.keys(process.env)) if (/^npm_config_/i.test(name)) delete process.env[name];
}

describe.skipIf(missing)(`a fresh project ${missing ?? ''}`, () => {
  test('installs, without TensorFlow for Node and danfojs', () => {
    startProject(project);
    run('npm', 'run build', root);
    const name = run('npm', `pack --pack-destination ${folder}`, root).trim().split('\n').at(-1)!;
    renameSync(join(folder, name), tarball);
    run('npm', `install --no-audit --no-fund ${tarball}`);
    expect(installed('medchaos')).toBe(true);
    expect(heavy.filter((each) => installed(each))).toEqual([]);
  }, 300_000);

  test('loads the sub-paths', () => {
    writeFileSync(
      join(project, 'x.mjs'),
      `for (const room of ['chaos', 'cipher', 'metrics', 'attacks'])
         console.log(room, Object.keys(await import('medchaos/' + room)).length > 3);`,
    );
    const expected = 'chaos true\ncipher true\nmetrics true\nattacks true\n';
    expect(run(process.execPath, 'x.mjs')).toBe(expected);
  });

  test('gives a strict TypeScript consumer the types, with nothing installed but the tarball', () => {
    writeFileSync(
      join(project, 'x.mts'),
      `import * as attacks from 'medchaos/attacks';
       import { logisticOrbit } from 'medchaos/chaos';
       import { deriveKeys, type Keys, presets } from 'medchaos/cipher';
       import { nist, npcr } from 'medchaos/metrics';
       const data = Uint8Array.from(logisticOrbit(4, 0.25, 4));
       const image = { width: 2, height: 2, channels: 1, depth: 8, data } as const;
       export const keys: Keys = deriveKeys('logistic', [3.95], image, presets.sound);
       export const p: number | undefined = nist.frequency(nist.bitsFromBytes(data)).subTests[0]?.p;
       export const names: string[] = Object.keys(attacks);
       // @ts-expect-error a metric takes two images
       export const wrong: number = npcr(image);`,
    );
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    expect(run(process.execPath, `${tsc} --noEmit --strict --module nodenext --target es2023 x.mts`)).toBe(
      '',
    );
  });

  test('has a command that makes keys, encrypts, measures and decrypts', async () => {
    cpSync(join(root, 'samples', '00008980_000.png'), join(project, 'x.png'));
    run('npx', '--no-install medchaos keygen');
    run('npx', '--no-install medchaos encrypt x.png --params 10,28,2.667 --recipient public.pem');
    expect(run('npx', '--no-install medchaos metrics x.png x.cipher.png')).toMatch(/npcr/);
    run('npx', '--no-install medchaos decrypt x.cipher.png --keys x.keys.jwe --private-key private.pem');
    const pixels = async (name: string) =>
      bytesOf((await loadRaster(await readInput(join(project, name)), name, 'native')).data);
    expect((await pixels('x.decrypted.png')).equals(await pixels('x.png'))).toBe(true);
  }, 120_000);

  test('says how to add what an optional package is needed for', () => {
    run('npx', '--no-install medchaos pairs --count 20 --out p');
    const described = spawnSync('npx', '--no-install medchaos pairs --describe --out p'.split(' '), {
      cwd: project,
      encoding: 'utf8',
    });
    const remedy = expect.stringMatching(/npm install .*danfojs-node@/);
    expect([described.status, described.stderr]).toEqual([2, remedy]);
  });

  test('takes TensorFlow and danfojs by the lines of docs/install.md', () => {
    const [, overrides, command] = readFileSync(join(root, 'docs/install.md'), 'utf8').match(
      /"overrides": (\{.*\})[\s\S]*?\n +npm (install .*danfojs-node.*)/,
    )!;
    const all = join(folder, 'all');
    startProject(all, { overrides: JSON.parse(overrides!) });
    run('npm', `install --no-audit --no-fund ${tarball}`, all);
    run('npm', command!, all);
    expect(heavy.filter((each) => !installed(each, all))).toEqual([]);
    run('npx', '--no-install medchaos pairs --count 20 --out p', all);
    const described = run('npx', '--no-install medchaos pairs --describe --out p --json', all);
    expect(JSON.parse(described)).toMatchObject({ count: 20 });
    const doctor = run('npx', '--no-install medchaos doctor --json', all);
    expect(doctor).not.toMatch(/is not installed/);
  }, 300_000);
});
