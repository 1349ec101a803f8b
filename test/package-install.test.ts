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

  const subPaths = [
    '',
    '/chaos',
    '/cipher',
    '/metrics',
    '/attacks',
    '/judge',
    '/nist',
    '/images',
    '/train',
    '/report',
  ];
  test.each([
    [
      'mjs',
      `for (const path of ${JSON.stringify(subPaths)}) if (Object.keys(await import('medchaos' + path)).length === 0) throw path;`,
    ],
    [
      'cjs',
      `for (const path of ${JSON.stringify(subPaths)}) if (Object.keys(require('medchaos' + path)).length === 0) throw path;`,
    ],
  ])('loads every sub-path from .%s', (ending, text) => {
    writeFileSync(join(project, `x.${ending}`), text);
    expect(run(process.execPath, `x.${ending}`)).toBe('');
  });

  const consumer = `import { InputError, readImage, report, stream, train, writeImage } from 'medchaos';
    import type { Experiment, MapParams, Random, Raster, Sweep, Trained, Work } from 'medchaos';
    import * as attacks from 'medchaos/attacks';
    import * as chaos from 'medchaos/chaos';
    import { deriveKeys, type Keys, presets } from 'medchaos/cipher';
    import * as judge from 'medchaos/judge';
    import { nist, npcr } from 'medchaos/metrics';
    const data = Uint8Array.from(chaos.logisticOrbit(4, 0.25, 4));
    const image: Raster = { width: 2, height: 2, channels: 1, depth: 8, data };
    export const keys: Keys = deriveKeys('logistic', [3.95], image, presets.sound);
    export const p: number | undefined = nist.frequency(nist.bitsFromBytes(data)).subTests[0]?.p;
    export const names: string[] = Object.keys({ ...attacks, ...judge });
    export const experiment: Experiment = { net: 'resnet18', nets: { mobilenetv2: { lr: 0.1 } } };
    export const sweep: Sweep = { name: 's', question: 'q?', work: 'train', grid: { lr: [1, 2] }, seeds: [1] };
    export const work: Work = { defaults: { seed: 1 }, run: async () => ({ one: 1 }) };
    export const random: Random = stream(1, 'x');
    export const params: MapParams = [3.9];
    export const go = async (): Promise<Trained> => {
      await writeImage('y.png', await readImage('x.png'));
      await report('x');
      if (names.length < 1) throw new InputError('x');
      return train({ ...experiment, study: false });
    };
    // @ts-expect-error a metric takes two images
    export const wrong: number = npcr(image);
    // @ts-expect-error an unknown option
    export const odd: Experiment = { nett: 'x' };`;
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const strict = '--noEmit --strict --skipLibCheck false --target es2023';
  test.each([
    ['mts', 'nodenext', 'nodenext'],
    ['cts', 'nodenext', 'nodenext'],
    ['ts', 'esnext', 'bundler'],
  ])(
    'gives a strict .%s file the types (%s, %s), with nothing installed but the tarball',
    (ending, module, resolution) => {
      writeFileSync(join(project, `types.${ending}`), consumer);
      const options = `${strict} --module ${module} --moduleResolution ${resolution} types.${ending}`;
      expect(run(process.execPath, `${tsc} ${options}`)).toBe('');
    },
    120_000,
  );

  test('trains, sweeps, reports, publishes and imports by the lines of docs/train.md', () => {
    const [section] = readFileSync(join(root, 'docs/train.md'), 'utf8').match(
      /## From an empty project[\s\S]*?(?=\n## )/,
    )!;
    const lines = [...section.matchAll(/^ {4}npx medchaos (.*)$/gm)].map(([, line]) => line!);
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'train',
      'train',
      'report',
      'weights',
      'weights',
    ]);
    for (const line of lines) run('npx', `--no-install medchaos ${line}`);
    for (const file of [
      'first/report.html',
      'sweep/report.html',
      'network/model.safetensors',
      'again/config.json',
    ])
      expect(existsSync(join(project, file))).toBe(true);
  }, 300_000);

  const python = process.env.MEDCHAOS_PYTHON ?? 'python3';
  const torch =
    missing === null &&
    spawnSync(python, ['-c', 'import torch, torchvision, safetensors.torch, PIL']).status === 0;
  test.skipIf(!torch)(
    `the published network loads in PyTorch ${torch ? '' : `(no torch in ${python})`}`,
    () => {
      const at = join(project, 'network');
      const [, program] = readFileSync(join(at, 'README.md'), 'utf8').match(/```python\n([\s\S]*?)```/)!;
      const shown = execFileSync(python, ['-c', program!], { cwd: at, encoding: 'utf8' });
      expect(shown).toMatch(/^sigma [\d.]+\nrho [\d.]+\nbeta [\d.]+\n$/);
    },
    120_000,
  );

  const noPnpm =
    spawnSync('npx', ['--yes', 'pnpm@10', '--version']).status === 0 ? '' : '(npx cannot fetch pnpm)';
  test.skipIf(noPnpm !== '')(
    `installs by pnpm, with types, a command and TypeScript files ${noPnpm}`,
    () => {
      const at = join(folder, 'pnpm');
      startProject(at);
      run('npx', `--yes pnpm@10 add ${tarball}`, at);
      writeFileSync(join(at, 'x.cjs'), "console.log(typeof require('medchaos').train);");
      expect(run(process.execPath, 'x.cjs', at)).toBe('function\n');
      writeFileSync(join(at, 'types.mts'), consumer);
      expect(run(process.execPath, `${tsc} ${strict} --module nodenext types.mts`, at)).toBe('');
      const tiny = '--pairs 64 --val-pairs 16 --batch 32 --epochs 1 --no-study --json';
      const trained = run(
        'npx',
        `--yes pnpm@10 exec medchaos train experiments/learn-calendar.ts ${tiny}`,
        at,
      );
      expect(JSON.parse(trained)).toMatchObject({ ended: 'epochs' });
    },
    300_000,
  );

  test('medchaos-metrics takes less than 60 MB, measures, and names the package that it lacks', () => {
    const at = join(folder, 'metrics');
    startProject(at);
    run('npx', 'tsx scripts/_metrics-package.ts', root);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    run(
      'npm',
      `install --no-audit --no-fund ${join(root, 'packages', `medchaos-metrics-${version}.tgz`)}`,
      at,
    );
    expect(Number(run('du', '-sm node_modules', at).split('\t')[0])).toBeLessThan(60);
    cpSync(join(root, 'samples', '00008980_000.png'), join(at, 'x.png'));
    const measured = run('npx', '--no-install medchaos-metrics metrics x.png x.png --json', at);
    expect(JSON.parse(measured)).toMatchObject({ samples: 1024 * 1024 });
    writeFileSync(
      join(at, 'x.dcm'),
      Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), Buffer.alloc(64)]),
    );
    const { status, stderr } = spawnSync('npx', '--no-install medchaos-metrics nist x.dcm'.split(' '), {
      cwd: at,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/run: npm install (?:dcmjs|@cornerstonejs)/)]);
  }, 120_000);

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
