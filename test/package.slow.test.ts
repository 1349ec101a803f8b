/**
 * The package as others install it: built into a temporary folder, with the dependencies of this checkout.
 * Slow and with the network, in a fresh project: npm run test:package.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encryptImage, presets } from '../src/cipher/index.ts';
import { mriPhantom } from '../src/data/images/phantoms/mri.ts';
import { encodePng } from '../src/data/images/png.ts';
import { measureEverything } from '../src/metrics/index.ts';
import { readInput } from '../src/shared/files.ts';

const root = join(import.meta.dirname, '..');
const project = mkdtempSync(join(tmpdir(), 'medchaos-package-'));
const installed = join(project, 'node_modules', 'medchaos');
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

/** A 6x4 RGB picture. */
const picture = { width: 6, height: 4, channels: 3, depth: 8, data: new Uint8Array(72).fill(77) } as const;

beforeAll(() => {
  mkdirSync(installed, { recursive: true });
  const dist = ['--outDir', join(installed, 'dist'), '--noCheck']; // `npm run check` has checked the types
  execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), ...dist]);
  for (const name of ['package.json', 'bin', 'datasets.lock.json', 'experiments', 'samples'])
    cpSync(join(root, name), join(installed, name), { recursive: true });
  linkDependencies();
});
afterAll(() => rmSync(project, { recursive: true }));

/** This checkout's, without the optional ones, whose installation fails where their downloads are blocked. */
function linkDependencies(): void {
  const missing = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node', 'danfojs-node'];
  const names = readdirSync(join(root, 'node_modules')).flatMap((name) =>
    name.startsWith('@')
      ? readdirSync(join(root, 'node_modules', name)).map((part) => `${name}/${part}`)
      : [name],
  );
  for (const name of names.filter((each) => !missing.includes(each) && !each.startsWith('.'))) {
    mkdirSync(join(installed, 'node_modules', dirname(name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(installed, 'node_modules', name));
  }
}

/** Fails on the way to TensorFlow or danfojs by import; by require they would stand in the cache. */
const guard = `
export async function resolve(specifier, context, next) {
  if (/^(@tensorflow|danfojs)/.test(specifier)) throw new Error('loads ' + specifier);
  return next(specifier, context);
}`;
const guarded = `
import Module, { register } from 'node:module';
register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(guard)}));
process.on('exit', () => {
  const heavy = Object.keys(Module._cache).find((path) => /@tensorflow|danfojs/.test(path));
  if (heavy) { console.error('loads ' + heavy); process.exitCode = 1; }
});`;

/** Runs a module in the project, under the guard. */
function inProject(text: string): { code: number | null; stdout: string; stderr: string } {
  writeFileSync(join(project, 'consumer.mjs'), text);
  const preload = ['--import', `data:text/javascript,${encodeURIComponent(guarded)}`];
  const run = spawnSync(process.execPath, [...preload, 'consumer.mjs'], { cwd: project, encoding: 'utf8' });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

test('benchmarks are no part of it, and the command says so', () => {
  expect(readdirSync(join(installed, 'dist')).sort()).toEqual(['experiments', 'scripts', 'src']);
  const bin = join(installed, 'bin', 'medchaos.js');
  const run = spawnSync(process.execPath, [bin, 'bench', 'linear'], { cwd: project, encoding: 'utf8' });
  expect([run.status, run.stdout]).toEqual([2, '']);
  expect(run.stderr).toMatch(
    /^medchaos: benchmarks run in a checkout of the repository, not in an installed package; /,
  );
});

describe('the sub-paths, without TensorFlow', () => {
  test('a map', () => {
    const { code, stdout, stderr } = inProject(`
      import { logisticOrbit } from 'medchaos/chaos';
      console.log(JSON.stringify([...logisticOrbit(4, 0.25, 3)]));`);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual([0.75, 0.75, 0.75]); // 0.75 is the fixed point 1 - 1/r
  });

  test('a metric', () => {
    const { code, stdout } = inProject(`
      import { npcr } from 'medchaos/metrics';
      const image = (data) => ({ width: 2, height: 2, channels: 1, depth: 8, data: Uint8Array.from(data) });
      console.log(npcr(image([1, 2, 3, 4]), image([1, 2, 3, 5])));`);
    expect([code, stdout]).toEqual([0, '25\n']);
  });

  test('an encryption, its sealed keys, and back', () => {
    const { code, stdout } = inProject(`
      import { decryptRaster, deriveKeys, encryptRaster, makeKeyPair, openKeys, presets, sealKeys } from 'medchaos/cipher';
      const plain = { width: 6, height: 4, channels: 3, depth: 8, data: new Uint8Array(72).fill(77) };
      const keys = deriveKeys('lorenz', [10, 28, 2.667], plain, presets.paper);
      const cipher = encryptRaster(plain, keys);
      const { publicPem, privatePem } = await makeKeyPair(2048);
      const jwe = await sealKeys(keys, cipher, { preset: 'paper' }, publicPem);
      const back = decryptRaster(cipher, (await openKeys(jwe, cipher, privatePem)).keys);
      console.log(Buffer.compare(plain.data, cipher.data) !== 0, Buffer.compare(plain.data, back.data) === 0);`);
    expect([code, stdout]).toEqual([0, 'true true\n']);
  });

  test.each([
    ["import '@tensorflow/tfjs';"],
    ["import { createRequire } from 'node:module'; createRequire(import.meta.url)('@tensorflow/tfjs');"],
  ])('the guard would notice: %s', (text) => {
    symlinkSync(join(root, 'node_modules', '@tensorflow'), join(project, 'node_modules', '@tensorflow'));
    try {
      const { code, stderr } = inProject(text);
      expect(code).toBe(1);
      expect(stderr).toMatch(/loads .*@tensorflow/);
    } finally {
      rmSync(join(project, 'node_modules', '@tensorflow'));
    }
  });

  test('what is not listed stays inside', () => {
    const { code, stderr } = inProject("import 'medchaos/dist/src/training/train.js';");
    expect(code).toBe(1);
    expect(stderr).toMatch(/ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });

  test('a strict TypeScript consumer finds the types', () => {
    writeFileSync(
      join(project, 'consumer.ts'),
      `import { logisticOrbit } from 'medchaos/chaos';
       import { deriveKeys, presets, type Keys } from 'medchaos/cipher';
       import { npcr } from 'medchaos/metrics';
       const data = Uint8Array.from(logisticOrbit(4, 0.25, 4));
       const image = { width: 2, height: 2, channels: 1, depth: 8, data } as const;
       export const keys: Keys = deriveKeys('logistic', [3.95], image, presets.sound);
       // @ts-expect-error a metric takes two images
       export const wrong: number = npcr(image);`,
    );
    const types = join(root, 'node_modules', '@types');
    const options = `--noEmit --strict --module nodenext --target es2023 --types node --typeRoots ${types}`;
    const { stdout, status } = spawnSync(process.execPath, [tsc, ...options.split(' '), 'consumer.ts'], {
      cwd: project,
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, '']);
  }, 120_000);
});

describe('bundled for a browser', () => {
  const bundle = async (contents: string): Promise<string> => {
    const options = {
      bundle: true,
      minify: true,
      platform: 'browser',
      format: 'iife',
      write: false,
    } as const;
    const { outputFiles } = await build({
      ...options,
      logLevel: 'error',
      globalName: 'found',
      stdin: { contents, resolveDir: project },
    });
    return outputFiles[0]!.text;
  };

  /** The value of a module's `result`, computed where there is no Node: only what every browser has. */
  const inBrowser = async (module: string): Promise<unknown> => {
    const globals = { TextEncoder, TextDecoder, crypto, setTimeout, btoa, atob };
    const result = await runInContext(`${await bundle(module)}; found.result`, createContext(globals));
    return JSON.parse(JSON.stringify(result));
  };

  test.each(['chaos', 'metrics', 'nist', 'cipher', 'attacks'])('%s needs nothing of Node', async (name) => {
    const text = await bundle(`export * from 'medchaos/${name}';`);
    expect(text).not.toMatch(/node:|\brequire\(/);
    if (name === 'metrics') expect(text.length).toBeLessThan(40_000);
  });

  test('a module that imports no function of a sub-path carries none of its code', async () => {
    const names = ['chaos', 'metrics', 'nist', 'cipher', 'attacks'];
    expect((await bundle(names.map((name) => `import 'medchaos/${name}';`).join('\n'))).length).toBeLessThan(
      99,
    );
  });

  test('metrics with a seed give the numbers of Node', async () => {
    const plain = mriPhantom(256, 240, 7);
    const cipher = encryptImage('logistic', [3.95], plain, presets.paper).cipher;
    const module = `
      import { measureEverything } from 'medchaos/metrics';
      const image = (data) => ({ width: 256, height: 240, channels: 1, depth: 8, data: Uint8Array.from(data) });
      const images = { plain: image([${plain.data}]), cipher: image([${cipher.data}]) };
      export const result = measureEverything(images, { seed: 5 });`;
    const { measures } = measureEverything({ plain, cipher }, { seed: 5 });
    expect(measures.map(({ name }) => name)).toContain('local_entropy');
    expect(((await inBrowser(module)) as { measures: unknown }).measures).toEqual(
      JSON.parse(JSON.stringify(measures)),
    );
  });

  test('chosen plaintext, a bare key file and back, and the schemes that are there', async () => {
    const result = await inBrowser(`
      import { attacks, partyOf, searchParameters } from 'medchaos/attacks';
      import { paper, schemeNamed, schemeNames, presets, encryptImage, parametersFromSigmoid } from 'medchaos/cipher';
      const image = (k) => ({ width: 24, height: 20, channels: 1, depth: 8,
        data: Uint8Array.from({ length: 480 }, (_, i) => (i % 24) * k + (i / 24 | 0)) });
      const party = partyOf(paper, { map: 'logistic', params: [3.95] });
      const { cipher, keyFile } = party.encrypt(image(2));
      const same = (a, b) => a.data.every((value, i) => value === b.data[i]);
      const asked = { party, plain: image(2), others: [image(3), image(4)], seed: 1, trials: 2 };
      const refused = () => { try { schemeNamed('hardened'); } catch (error) { return error.message; } };
      const r = parametersFromSigmoid('logistic', [0.75])[0];
      const search = searchParameters(encryptImage('logistic', [r], image(1), presets.paper).cipher, 'logistic',
        { options: presets.paper, outputs: { first: 0x3f400000 - 500, count: 1000 } });
      export const result = (async () => ({
        names: schemeNames(), refused: refused(), back: same(party.decrypt(cipher, keyFile()), image(2)),
        broken: (await attacks['chosen-plaintext'](asked)).success,
        tampered: (await attacks.tampering(asked)).success,
        found: (await search).found.params[0] === r,
      }))();`);
    expect(result).toMatchObject({ back: true, broken: true, tampered: true, found: true });
    expect((result as { names: string[] }).names.slice(0, 2)).toEqual(['paper', 'ancestor']);
    expect((result as { refused: string }).refused).toMatch(/^"scheme" expected one of paper, ancestor, /);
  });
});

describe('the command of the package', () => {
  const medchaos = (...args: string[]) => {
    const bin = join(installed, 'bin', 'medchaos.js');
    const run = spawnSync(process.execPath, [bin, ...args], { cwd: project, encoding: 'utf8' });
    return { code: run.status, stdout: run.stdout, stderr: run.stderr };
  };

  test('says its own version, not that of the project around it', () => {
    writeFileSync(join(project, 'package.json'), '{ "name": "project", "version": "9.9.9" }');
    expect(medchaos('--version').stdout).toMatch(/^0\.\d+\.\d+\n$/);
  });

  test('keygen, encrypt, metrics, decrypt', async () => {
    writeFileSync(join(project, 'x.png'), await encodePng(picture));
    expect(medchaos('keygen', '--bits', '2048').code).toBe(0);
    const encrypted = medchaos('encrypt', 'x.png', '--params', '3.95', '--recipient', 'public.pem');
    expect([encrypted.code, encrypted.stderr]).toEqual([0, '']);
    const measured = medchaos('metrics', 'x.png', 'x.cipher.png', '--json');
    expect(JSON.parse(measured.stdout)).toMatchObject({ samples: 72 });
    const key = ['--keys', 'x.keys.jwe', '--private-key', 'private.pem'];
    expect(medchaos('decrypt', 'x.cipher.png', ...key).code).toBe(0);
    const back = await readInput(join(project, 'x.decrypted.png'));
    expect(back.equals(await readInput(join(project, 'x.png')))).toBe(true);
  });

  test('trains on a fallback engine where the native package is missing', () => {
    const size = '--size 64 --pairs 4 --val-pairs 2 --batch 2 --epochs 1'.split(' ');
    const trained = medchaos(
      'train',
      '--net',
      'mobilenetv2',
      '--engine',
      'wasm',
      ...size,
      '--no-study',
      '--json',
    );
    expect([trained.code, JSON.parse(trained.stdout || '{}').engine]).toEqual([0, 'wasm']);
  });

  test('the lock file of the data sets is there', () => {
    expect(medchaos('datasets', 'list').code).toBe(0);
  });

  test.each([
    ['ESM', { type: 'module' }],
    ['CommonJS', {}],
  ])('a sweep and its work load from TypeScript in a project of %s', (name, manifest) => {
    const folder = join(project, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(
      join(folder, 'doubling.ts'),
      `import { expectedNpcr } from 'medchaos/metrics';
       import type { Work } from 'medchaos';
       enum Factor { Two = 2 }
       const run = async ({ n }: { n: number }) => ({ twice: Factor.Two * n, known: Number(typeof expectedNpcr === 'function') });
       export default { defaults: { n: 1, seed: 1 }, run } satisfies Work<any>;`,
    );
    writeFileSync(
      join(folder, 'sweep.ts'),
      `import type { Sweep } from 'medchaos';
       export default { name: 'mine', question: 'Does it load?', work: './doubling.ts', grid: { n: [21] }, seeds: [1] } satisfies Sweep;`,
    );
    const out = join(folder, 'out');
    const { code, stderr } = medchaos('sweep', join(folder, 'sweep.ts'), '--out', out);
    expect([code, stderr]).toEqual([0, expect.stringContaining('1/1')]);
    expect(readFileSync(join(out, 'cells.csv'), 'utf8')).toMatch(/42,1/);
  });

  test('an experiment of the package loads by its short name, and a wrong file is refused in one sentence', () => {
    const loaded = medchaos('train', 'experiments/learn-calendar.ts', '--pairs', '2');
    expect(loaded.stderr).toMatch(/expected at least one batch/);
    writeFileSync(join(project, 'broken.ts'), 'export default {');
    const { code, stderr } = medchaos('train', 'broken.ts');
    expect([code, stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(stderr).toMatch(/^medchaos: cannot load experiment broken.ts: .*see .*experiments for examples/);
  });
});

test('the tarball: compiled files and their types, experiments and samples; no other sources, no tests; under 2.5 MB', () => {
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: installed,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files, size }] = JSON.parse(listed) as [{ files: { path: string }[]; size: number }];
  const paths = files.map(({ path }) => path);
  for (const room of ['chaos', 'cipher', 'metrics', 'attacks'])
    for (const end of ['js', 'd.ts']) expect(paths).toContain(`dist/src/${room}/index.${end}`);
  expect(paths).toContain('bin/medchaos.js');
  expect(paths).toContain('dist/scripts/medchaos.js');
  expect(paths.filter((path) => !/^(bin|dist|experiments|hashes|samples)\/|^[^/]+$/.test(path))).toEqual([]);
  const others = paths.filter((path) => !/^(experiments|samples)\//.test(path));
  expect(others.filter((path) => /\.test\.|(?<!\.d)\.ts$|\.png$/.test(path))).toEqual([]);
  expect(size).toBeLessThan(2.5e6);
});
