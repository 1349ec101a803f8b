/** The engine webgpu, on a software device, in processes of their own, which must end by themselves. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cardForAuto, type GraphicsCard } from '../../src/engine/webgpu.ts';
import { webGpuCheck } from '../../src/tools/doctor.ts';
import { relativeError } from '../executors/_relative-error.ts';
import { smallNetworks } from '../executors/_small.ts';
import { noVulkan, vulkanEnvironment } from './_webgpu.ts';
import type { Answer } from './_webgpu-process.ts';

const root = join(import.meta.dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'medchaos-webgpu-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function node(args: string[], env: NodeJS.ProcessEnv) {
  const run = spawnSync(process.execPath, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    timeout: 300_000,
    maxBuffer: 2 ** 28,
  });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}
const medchaos = (env: NodeJS.ProcessEnv, ...args: string[]) => node(['bin/medchaos.js', ...args], env);

/** SwiftShader takes half a minute to compile the kernels of a whole network. */
const slow = process.env.MEDCHAOS_TEST_WEBGPU ? null : 'slow; run: npm run test:webgpu';

describe.skipIf(noVulkan)(`webgpu beside cpu ${noVulkan ?? ''}`, () => {
  let answer: Answer;
  beforeAll(() => {
    const program = join(import.meta.dirname, '_webgpu-process.ts');
    const { code, stdout, stderr } = node(['--import', 'tsx', program], vulkanEnvironment());
    if (code !== 0) throw new Error(`ended with ${code}: ${stderr}`);
    answer = JSON.parse(stdout.slice(stdout.lastIndexOf('\n'))) as Answer;
  });

  test.each(smallNetworks.map(({ name }) => name))('%s: loss, gradients, statistics, steps', (name) => {
    const { webgpu, cpu } = answer.cases.find((each) => each.name === name)!;
    expect(Math.abs(webgpu.loss - cpu.loss)).toBeLessThan(1e-5);
    expect(relativeError(webgpu.predicted, cpu.predicted)).toBeLessThan(1e-5);
    expect(webgpu.gradients).toHaveLength(cpu.gradients.length);
    for (const part of ['gradients', 'statistics'] as const)
      for (const [i, values] of cpu[part].entries())
        expect(relativeError(webgpu[part][i]!, values), `${part} ${i}`).toBeLessThan(1e-4);
    if (cpu.losses.length > 0) expect(relativeError(webgpu.losses, cpu.losses)).toBeLessThan(1e-4);
  });

  test.skipIf(slow)(`MobileNetV2, whole: outputs ${slow ?? ''}`, () => {
    expect(relativeError(answer.whole!.webgpu, answer.whole!.cpu)).toBeLessThan(1e-4);
  });

  test('no tensor is left, Node does not look like a browser, and auto refuses the software device', () => {
    expect(answer).toMatchObject({ tensors: 0, device: expect.stringMatching(/SwiftShader/) });
    const [before, after] = answer.navigator.split(' ');
    expect(after).toBe(before);
    expect(answer.auto).toMatch(/^SwiftShader.* is a software device, which auto never takes$/);
  });

  test('a step that the card cannot hold is said with the remedy, not answered with zeros', () => {
    expect(answer.tooLarge).toMatch(
      /^the graphics card \(.*max.*\) does not hold a step of 64 images of 128x128; give a smaller --batch/,
    );
  });
});

describe.skipIf(noVulkan)(`commands ${noVulkan ?? ''}`, () => {
  test.skipIf(slow)(
    `train --engine webgpu trains, names the device, and ends ${slow ?? ''}`,
    () => {
      const run = join(scratch, 'run');
      const size =
        '--net mobilenetv2 --encoder bits --size 32 --pairs 2 --val-pairs 2 --batch 2 --epochs 1'.split(' ');
      const rest = ['--engine', 'webgpu', '--no-study', '--json', '--out', run];
      const { code, stdout, stderr } = medchaos(vulkanEnvironment(), 'train', ...size, ...rest);
      expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout).engine).toBe('webgpu');
      expect(stderr).toMatch(
        /^engine: webgpu on SwiftShader.* \(software: the processor computes\): asked for/m,
      );
    },
    300_000,
  );

  test('doctor: without a native engine auto takes wasm, not the software device, and says so', () => {
    const env = { ...vulkanEnvironment(), MEDCHAOS_CACHE: join(scratch, 'cache'), MEDCHAOS_NO_NATIVE: '1' };
    const { code, stdout } = medchaos(env, 'doctor', '--json');
    const checks = JSON.parse(stdout) as { name: string; found: string }[];
    const found = (name: string) => checks.find((check) => check.name === name)?.found;
    expect(code).toBe(0);
    expect(found('engine')).toMatch(/^wasm: no native engine/);
    expect(found('webgpu')).toMatch(/^SwiftShader.*auto never takes it.*tried on one H200/);
  });
});

test('no card: one sentence with the remedy, exit code 2', () => {
  const env = { ...process.env, VK_ICD_FILENAMES: join(scratch, 'none.json') };
  const { code, stderr } = medchaos(env, 'train', '--engine', 'webgpu', '--out', join(scratch, 'no'));
  expect(code).toBe(2);
  expect(stderr).toMatch(/^medchaos: no engine webgpu: .*(apt-get install libvulkan1|npm install .*webgpu)/m);
});

test.each([
  ['--engine webgpu --device cpu', /engine webgpu computes on the graphics card/],
  ['--engine wasm --device gpu', /engine wasm computes on the processor/],
  ['--device card', /--device expected auto, cpu, gpu or gpu:N/],
])('train %s is refused', (options, message) => {
  const { code, stderr } = medchaos(
    process.env,
    'train',
    ...options.split(' '),
    '--out',
    join(scratch, 'no'),
  );
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
});

describe('what auto takes, and doctor says, of a card', () => {
  const card = (software: boolean) => async () => ({ name: 'Card', software }) as GraphicsCard;
  const never = async (): Promise<GraphicsCard> => {
    throw new Error('asked');
  };

  test('a real one is taken, a software one is not, and none is not asked for', async () => {
    expect(await cardForAuto(() => true, card(false))).toEqual({ card: { name: 'Card', software: false } });
    expect(await cardForAuto(() => true, card(true))).toEqual({ why: expect.stringMatching(/never takes/) });
    expect(await cardForAuto(() => false, never)).toEqual({ why: 'no graphics card' });
    const absent = async () => ({ missing: 'no package' });
    expect(await cardForAuto(() => true, absent)).toEqual({ why: 'no package' });
  });

  test('doctor labels what has not run on a real one', async () => {
    for (const software of [true, false]) {
      const { state, found } = await webGpuCheck(() => true, card(software));
      expect([state, found]).toEqual(['ok', expect.stringMatching(/^Card.*\(tried on one H200\)$/)]);
    }
    expect((await webGpuCheck(() => false, never)).found).toMatch(/^no graphics card/);
  });
});
