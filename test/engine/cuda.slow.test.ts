/** TensorFlow with CUDA: set up from small wheels in a folder. Without a card. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { deviceSchema } from '../../src/engine/names.ts';
import { type Machine, nvidiaCards, setCudaEnvironment, wantedCard } from '../../src/engine/nvidia.ts';
import { type Pinned, tensorflowVersion } from '../../src/engine/pins.ts';
import { writeTrainingGraph } from '../../src/executors/graph/trainer.ts';
import { buildNetwork } from '../../src/models/networks.ts';
import { faultIn } from '../../src/shared/schema.ts';
import { nvidiaCheck } from '../../src/tools/doctor.ts';
import { compiler, library, wheel } from './_wheels.ts';

const root = join(import.meta.dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'medchaos-cuda-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const runs = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const noTools =
  process.platform !== 'linux' || process.arch !== 'x64'
    ? 'TensorFlow with CUDA is for Linux on x64'
    : runs('python3', '-m', 'pip', '--version') && runs('gcc', '--version')
      ? null
      : 'no Python with pip, or no gcc';

describe.skipIf(noTools)(`set-up from wheels ${noTools ?? ''}`, () => {
  const index = join(scratch, 'index');
  const cache = join(scratch, 'cache');
  const engines = () => (existsSync(join(cache, 'engine')) ? readdirSync(join(cache, 'engine')).sort() : []);
  const key = `tensorflow-${tensorflowVersion}-linux-x64-cuda`;
  const tag = 'py3-none-manylinux2014_x86_64';

  function setUp(wheels: readonly Pinned[], ...flags: string[]) {
    const env = {
      ...process.env,
      ...{ MEDCHAOS_CACHE: cache, PINS: JSON.stringify(wheels), PIP_NO_INDEX: '1', PIP_FIND_LINKS: index },
      ...{ CXX: compiler(scratch, ['cudart', 'cc', 'framework']) },
      MEDCHAOS_TENSORFLOW_HOST: 'http://127.0.0.1:9/', // nothing listens there
    };
    const args = ['--import', 'tsx', join(import.meta.dirname, '_setup-process.ts'), ...flags];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    return { ...JSON.parse(stdout), stderr };
  }

  /** A wheel of libraries, each with one function that returns a number. */
  function libraryWheel(
    name: string,
    version: string,
    libraries: [file: string, name: string, value: number][],
  ) {
    const content = join(scratch, name);
    for (const [file, called, value] of libraries)
      library(join(content, file), called, value, basename(file));
    const of = name === 'tensorflow' ? 'cp311-cp311-manylinux_2_17_x86_64' : tag;
    return wheel(index, content, `${name}-${version}`, of);
  }

  const tensorflow = noTools
    ? null!
    : libraryWheel('tensorflow', tensorflowVersion, [
        ['tensorflow/libtensorflow_cc.so.2', 'cc', 1],
        ['tensorflow/libtensorflow_framework.so.2', 'framework', 2],
      ]);
  const nvcc: Pinned = { requirement: 'nvidia-cuda-nvcc-cu12==12.5.82', sha256: '' };

  test('a package that is not to be had: nothing half-made stays, and the reason is remembered', () => {
    expect(setUp([tensorflow, nvcc]).missing).toMatch(/^Python wheel: .*nvidia-cuda-nvcc-cu12==12\.5\.82/);
    expect(engines()).toEqual([expect.stringMatching(`^addons-.*-${key}\\.failed\\.json$`)]);
    const again = setUp([tensorflow, nvcc]);
    expect(again.missing).toMatch(/nvidia-cuda-nvcc-cu12/);
    expect(again.stderr).not.toMatch(/downloading/);
    rmSync(cache, { recursive: true });
  });

  test('a wheel with another SHA-256 is refused before anything of it is unpacked', () => {
    const other = { ...tensorflow, sha256: '0'.repeat(64) };
    expect(setUp([other]).missing).toMatch(
      /^Python wheel: tensorflow-2\.18\.1-\S+\.whl has SHA-256 [0-9a-f]{12}\.\.\., not the pinned 000000000000\.\.\.; it is not used/,
    );
    expect(engines()).toEqual([expect.stringMatching(`^addons-.*-${key}\\.failed\\.json$`)]);
    rmSync(cache, { recursive: true });
  });

  test('TensorFlow and CUDA beside each other as in site-packages, libraries found by the addon itself', () => {
    const folder = join(scratch, 'nvidia_cuda_nvcc_cu12');
    mkdirSync(join(folder, 'nvidia', 'cuda_nvcc', 'bin'), { recursive: true });
    writeFileSync(join(folder, 'nvidia', 'cuda_nvcc', 'bin', 'ptxas'), '#!/bin/sh\n');
    const wheels = [
      tensorflow,
      wheel(index, folder, 'nvidia_cuda_nvcc_cu12-12.5.82', tag),
      libraryWheel('nvidia_cuda_runtime_cu12', '12.5.82', [
        ['nvidia/cuda_runtime/lib/libcudart.so.12', 'cudart', 40],
      ]),
    ];
    mkdirSync(join(cache, 'engine', 'setting-up-999999999-killed'), { recursive: true });
    const { addons, library: libraries, sum, path, stderr } = setUp(wheels);
    expect([addons, stderr]).toEqual([expect.stringContaining(`-${key}`), expect.any(String)]);
    expect(sum).toBe(43);
    expect(engines()).toEqual([basename(addons), key]); // what a killed process left is gone
    expect(readdirSync(libraries).sort()).toEqual(['files.json', 'nvidia', 'tensorflow']);
    expect(path.split(':')[0]).toMatch(/nvidia\/cuda_nvcc\/bin$/);
    expect(stderr).toMatch(/downloading nvidia-cuda-runtime-cu12==12\.5\.82 \(3 of 3/);
    expect(setUp(wheels).stderr).not.toMatch(/downloading/); // a second command, or checkout, finds it

    const runtime = join(libraries, 'nvidia/cuda_runtime/lib/libcudart.so.12');
    chmodSync(runtime, 0o722);
    expect(setUp(wheels).missing).toBe(`${runtime} can be written by other users`);
    chmodSync(runtime, 0o700);
    truncateSync(runtime, 100);
    expect(setUp(wheels).missing).toMatch(
      /libcudart\.so\.12 has 100 bytes, not the \d+ that it was made with$/,
    );
    expect(setUp(wheels, 'again').sum).toBe(43); // as doctor --setup does
  }, 120_000);
});

const machine = (smi: string | null, files: Record<string, string> = {}): Machine => ({
  answer: (program) => (program === 'nvidia-smi' ? smi : null),
  list: (folder) => Object.keys(files).map((file) => file.slice(folder.length + 1).split('/')[0]!),
  read: (file) => files[file]!,
});

describe('the cards of a machine', () => {
  test('as nvidia-smi lists them', () => {
    const listed = 'GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-1)\nGPU 1: Tesla T4 (UUID: GPU-2)\n';
    expect(nvidiaCards(machine(listed))).toEqual(['NVIDIA H100 80GB HBM3', 'Tesla T4']);
  });

  test('as the driver does where there is no nvidia-smi; else none', () => {
    const file = (bus: string) => `/proc/driver/nvidia/gpus/${bus}/information`;
    const files = {
      [file('0000:81:00.0')]: 'Model: \t B\n',
      [file('0000:01:00.0')]: 'Model: \t A\nIRQ: 1\n',
    };
    expect(nvidiaCards(machine(null, files))).toEqual(['A', 'B']);
    expect(nvidiaCards(machine(null))).toEqual([]);
  });
});

describe('--device', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('auto takes the first card if there is one and it is not hidden, cpu none, gpu:N that one', () => {
    vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined);
    expect(wantedCard('auto', [])).toBe(null);
    expect(wantedCard('auto', ['A', 'B'])).toBe('A');
    expect(wantedCard('cpu', ['A'])).toBe(null);
    expect(wantedCard('gpu:1', ['A', 'B'])).toBe('B');
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '-1');
    expect(wantedCard('auto', ['A'])).toBe(null);
    expect(wantedCard('gpu', ['A'])).toBe('A');
  });

  test('a card that is not there is refused, those that are are named', () => {
    expect(() => wantedCard('gpu', [])).toThrow(
      /--device gpu: this machine has no NVIDIA card with a driver/,
    );
    expect(() => wantedCard('gpu:2', ['A', 'B'])).toThrow(
      /--device gpu:2: this machine has gpu:0 A, gpu:1 B/,
    );
  });

  test.each(['GPU', 'gpu:', 'gpu:x', 'gpu:-1', 'cuda', ''])('%j is no device', (text) => {
    expect(faultIn(deviceSchema, text)).toMatch(/^expected auto, cpu, gpu or gpu:N/);
  });

  test('sets what TensorFlow reads as it loads: the card, memory growth, or no card', () => {
    for (const name of ['CUDA_VISIBLE_DEVICES', 'CUDA_DEVICE_ORDER', 'TF_FORCE_GPU_ALLOW_GROWTH'])
      vi.stubEnv(name, undefined);
    setCudaEnvironment('gpu:1', 'B');
    const { CUDA_VISIBLE_DEVICES, CUDA_DEVICE_ORDER, TF_FORCE_GPU_ALLOW_GROWTH } = process.env;
    expect([CUDA_VISIBLE_DEVICES, CUDA_DEVICE_ORDER, TF_FORCE_GPU_ALLOW_GROWTH]).toEqual([
      '1',
      'PCI_BUS_ID',
      'true',
    ]);
    setCudaEnvironment('cpu', null);
    expect(process.env.CUDA_VISIBLE_DEVICES).toBe('-1');
  });
});

test('no operation of a training graph is bound to a device: TensorFlow places on the card what it can', () => {
  const graph = writeTrainingGraph(buildNetwork('mobilenetv2', 3), 64);
  const { GraphDef } = createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js');
  const nodes: { getDevice(): string }[] = GraphDef.deserializeBinary(graph.bytes()).getNodeList();
  expect(nodes.length).toBeGreaterThan(500);
  expect(nodes.filter((node) => node.getDevice() !== '')).toEqual([]);
});

describe('a machine with a card, by an nvidia-smi that says so', () => {
  const bin = join(scratch, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'nvidia-smi'), '#!/bin/sh\necho "GPU 0: NVIDIA Test (UUID: GPU-1)"\n');
  chmodSync(join(bin, 'nvidia-smi'), 0o755);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...{ PATH: `${bin}:${process.env.PATH}`, MEDCHAOS_CACHE: join(scratch, 'none'), MEDCHAOS_NO_NATIVE: '1' },
  };
  delete env.CUDA_VISIBLE_DEVICES;
  const medchaos = (...args: string[]) => {
    const options = { cwd: root, env, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/medchaos.js', ...args], options);
    return { code: status, stdout, stderr };
  };

  test('train --device gpu says why it cannot take it, gpu:1 that there is none', () => {
    const out = ['--out', join(scratch, 'run')];
    const gpu = medchaos('train', '--device', 'gpu', ...out);
    expect([gpu.code, gpu.stderr]).toEqual([
      2,
      expect.stringMatching(/no native engine with CUDA: .*--device cpu/),
    ]);
    const second = medchaos('train', '--device', 'gpu:1', ...out);
    expect([second.code, second.stderr]).toEqual([
      2,
      expect.stringMatching(/this machine has gpu:0 NVIDIA Test/),
    ]);
  });

  test('doctor names the card, why it is not used, and what has not been tried', () => {
    const checks = JSON.parse(medchaos('doctor', '--json').stdout) as { name: string; found: string }[];
    const { found } = checks.find(({ name }) => name === 'nvidia')!;
    expect(found).toMatch(/^gpu:0 NVIDIA Test, not used: .*tried on one H200\)$/);
  });

  test('a card in use is labelled too', () => {
    const used = nvidiaCheck({ device: 'B', why: '' }, ['A', 'B']);
    expect(used).toMatchObject({
      state: 'ok',
      found: 'gpu:0 A, gpu:1 B; used by tensorflow (tried on one H200)',
    });
  });
});
