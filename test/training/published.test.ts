/** A run as a folder for a hub, and back. MEDCHAOS_PYTHON names a Python with torch, torchvision, safetensors and Pillow. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import weightsCommand from '../../scripts/weights.ts';
import { openEngine } from '../../src/engine/engine.ts';
import { trainConfig } from '../../src/training/config.ts';
import { importPublished } from '../../src/training/published/import.ts';
import { publish } from '../../src/training/published/publish.ts';
import { train } from '../../src/training/train.ts';
import { openTrained } from '../../src/training/trained.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-published-'));
const run = join(root, 'a-run');
const folder = join(root, 'network');
const request = { run, out: folder, licence: 'mit', force: false };
const small = { net: 'mobilenetv2', size: 64, pairs: 16, valPairs: 4, batch: 4, epochs: 1 };
const dates = [12, 13].map((hour) => ({ year: 2021, month: 3, day: 4, hour, minute: 6, second: 7 }));
const engine = await openEngine();
beforeAll(async () => {
  await train(trainConfig({ ...small, patience: 1 }), engine, run);
  await publish(request);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const bitsOf = async (at: string): Promise<string[]> => {
  const network = await openTrained(at, { engine });
  const outputs = await network.outputs(dates);
  network.dispose();
  return outputs.map((output) => Buffer.from(output.buffer).toString('hex'));
};
const config = () => JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
const card = () => readFileSync(join(folder, 'README.md'), 'utf8');
const snippet = (language: string): string =>
  card().match(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``))![1]!;

describe('publish', () => {
  test('six files and nothing else', () => {
    const expected = [
      'README.md',
      'config.json',
      'example.png',
      'model.json',
      'model.safetensors',
      'weights.bin',
    ];
    expect(readdirSync(folder).sort()).toEqual(expected);
  });

  test('the card says what it learned, on what, how well, and under which licence; hubs read its head', () => {
    expect(card()).toMatch(
      /^---\nlicense: mit\nlibrary_name: pytorch\ntags:\n(?: {2}- [\w-]+\n)+---\n\n# mobilenetv2: /,
    );
    for (const part of [
      '16 synthetic dates',
      'encoder `text`',
      '| sigma |',
      '| lr | 0.001 |',
      'must not protect patients',
    ])
      expect(card()).toContain(part);
    const { valR2 } = JSON.parse(readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim());
    expect(card()).toContain(`| sigma | ${Number(valR2[0].toPrecision(4))} |`);
    expect(card()).not.toMatch(/NaN|undefined|\[object/);
  });

  test('no path of the machine is in it', () => {
    for (const name of ['README.md', 'config.json', 'model.json'])
      expect(readFileSync(join(folder, name), 'latin1')).not.toContain(root);
  });

  const python = process.env.MEDCHAOS_PYTHON ?? 'python3';
  const noTorch =
    spawnSync(python, ['-c', 'import torch, torchvision, safetensors.torch, PIL']).status === 0
      ? null
      : `no torch, torchvision, safetensors or Pillow in ${python}`;
  test.skipIf(noTorch)(`the Python of the card gives the outputs of the example ${noTorch ?? ''}`, () => {
    const { stdout, stderr } = spawnSync(python, ['-c', snippet('python')], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expectParameters(stdout);
  });

  test('the JavaScript of the card gives the outputs of the example', () => {
    const here = (specifier: string) => import.meta.resolve(specifier);
    const library = pathToFileURL(join(import.meta.dirname, '../../src/library/index.ts')).href;
    const program = snippet('js')
      .replace("'@tensorflow/tfjs'", `'${here('@tensorflow/tfjs')}'`)
      .replace("'medchaos'", `'${library}'`);
    writeFileSync(join(root, 'use.mts'), program);
    const { stdout } = spawnSync(process.execPath, ['--import', here('tsx'), join(root, 'use.mts')], {
      cwd: folder,
      encoding: 'utf8',
    });
    expectParameters(stdout);
  });

  /** Lines `sigma 10.1` as those of config.json, within 1e-4 of the ranges. */
  function expectParameters(stdout: string): void {
    const { outputs, example } = config();
    const lines = stdout
      .trim()
      .split('\n')
      .filter((line) => /^(sigma|rho|beta) /.test(line));
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['sigma', 'rho', 'beta']);
    for (const [i, line] of lines.entries()) {
      const { low, high } = outputs[i];
      expect(Math.abs((Number(line.split(' ')[1]) - low) / (high - low) - example.outputs[i])).toBeLessThan(
        1e-4,
      );
    }
  }

  const without = (name: string, file: string, text?: string): string => {
    const copy = join(root, name);
    cpSync(run, copy, { recursive: true });
    if (text === undefined) rmSync(join(copy, file), { recursive: true });
    else writeFileSync(join(copy, file), text);
    return copy;
  };
  test.each([
    ['without weights', () => ({ run: without('bare', 'checkpoints') }), /holds no weights.*--keep best/],
    [
      'still running',
      () => ({ run: without('running', 'status.json', '{"state":"running"}') }),
      /is not finished \(running\)/,
    ],
    [
      'failed',
      () => ({ run: without('failed', 'status.json', '{"state":"failed","reason":"x"}') }),
      /is not finished \(failed: x\)/,
    ],
    ['without a status', () => ({ run: without('lost', 'status.json') }), /has lost its status.json/],
    ['that is none', () => ({ run: root }), /is no run folder, and no id of a run/],
    ['into a folder that holds files', () => ({ out: root }), /exists already and holds files; .*--force/],
    ['into a file', () => ({ out: join(run, 'config.json') }), /is no folder/],
    ['under no licence', () => ({ licence: 'a\nb: c' }), /"licence" expected a name such as mit/],
  ])('a run %s is refused, and nothing is written', async (_, change, message) => {
    const out = join(root, 'refused');
    await expect(publish({ ...request, out, ...change() })).rejects.toThrow(message);
    expect(existsSync(out)).toBe(false);
  });

  test('an empty folder is taken; --force replaces the files, and leaves others', async () => {
    const out = join(root, 'empty');
    mkdirSync(out);
    await publish({ ...request, out });
    writeFileSync(join(out, 'mine.txt'), 'mine');
    await publish({ ...request, out, licence: 'cc-by-4.0', force: true });
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toMatch(/^---\nlicense: cc-by-4.0\n/);
    expect(readdirSync(out)).toContain('mine.txt');
  });

  test('--force replaces no file of anything else: a run keeps its config.json', async () => {
    const before = readFileSync(join(run, 'config.json'), 'utf8');
    const promise = publish({ ...request, out: run, force: true });
    await expect(promise).rejects.toThrow(
      /holds no published network, and --force would replace its config.json/,
    );
    expect(readFileSync(join(run, 'config.json'), 'utf8')).toBe(before);
    expect(readdirSync(run)).not.toContain('README.md');
  });
});

describe('import of a published folder', () => {
  test('gives the same predictions to the bit', async () => {
    const imported = await importPublished(folder, join(root, 'imported'));
    expect(await bitsOf(imported.run)).toEqual(await bitsOf(run));
    expect(readFileSync(join(imported.run, 'metrics.jsonl'), 'utf8')).toBe(
      readFileSync(join(run, 'metrics.jsonl'), 'utf8'),
    );
  });

  test('published again it is the same network', async () => {
    const { run: imported } = await importPublished(folder, join(root, 'second'));
    await publish({ ...request, run: imported, out: join(root, 'again') });
    const weights = (at: string) => readFileSync(join(at, 'weights.bin'));
    expect(weights(join(root, 'again')).equals(weights(folder))).toBe(true);
  });

  test('by the command, which names the run and what comes next', async () => {
    const out = join(root, 'by-command');
    const values = {
      action: 'import',
      path: folder,
      out,
      net: 'resnet18',
      map: 'lorenz',
      format: 'safetensors',
      licence: 'mit',
      force: false,
    } as const;
    expect((await weightsCommand.run(values)).text).toMatch(
      new RegExp(`^run: ${out}\nnext: npm run study -- ${out}\nnext: npm run encrypt`),
    );
  });

  const changed = (name: string, file: string, change: (bytes: Buffer) => Buffer | null): string => {
    const copy = join(root, name);
    cpSync(folder, copy, { recursive: true });
    const bytes = change(readFileSync(join(copy, file)));
    if (bytes) writeFileSync(join(copy, file), bytes);
    else rmSync(join(copy, file));
    return copy;
  };
  const edited =
    (edit: (config: Record<string, unknown>) => void) =>
    (bytes: Buffer): Buffer => {
      const json = JSON.parse(bytes.toString());
      edit(json);
      return Buffer.from(JSON.stringify(json));
    };
  test.each<[string, string, (bytes: Buffer) => Buffer | null, RegExp]>([
    [
      'weights with a changed bit',
      'model.safetensors',
      (b) => {
        b[b.length - 1]! ^= 1;
        return b;
      },
      /not the file that was published/,
    ],
    ['weights cut off', 'model.safetensors', (b) => b.subarray(0, 1000), /not the file that was published/],
    ['no weights', 'model.safetensors', () => null, /model.safetensors is missing/],
    ['no config', 'config.json', () => null, /holds no published network/],
    ['a config that is no JSON', 'config.json', () => Buffer.from('{'), /holds no published network/],
    [
      'a config of another program',
      'config.json',
      () => Buffer.from('{"model_type":"bert"}'),
      /holds no published network/,
    ],
    [
      'a later version',
      'config.json',
      edited((c) => {
        c.version = 2;
      }),
      /"version" expected 1, got 2/,
    ],
    [
      'another network in its options',
      'config.json',
      edited((c) => {
        c.training = { ...(c.training as object), net: 'resnet18' };
      }),
      /missing/,
    ],
    [
      'an unknown option',
      'config.json',
      edited((c) => {
        c.training = { ...(c.training as object), depth: 3 };
      }),
      /depth/,
    ],
  ])('%s is refused, and nothing is written', async (name, file, change, message) => {
    const out = join(root, 'refused');
    await expect(importPublished(changed(name, file, change), out)).rejects.toThrow(message);
    expect(existsSync(out)).toBe(false);
  });

  test('a run folder that exists is not replaced', async () => {
    await expect(importPublished(folder, run)).rejects.toThrow(/exists already; give another --out/);
  });
});
