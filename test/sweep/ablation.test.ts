import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { logisticLyapunov } from '../../src/chaos/logistic.ts';
import { planOf } from '../../src/sweep/sweep.ts';
import type { Measures } from '../../src/sweep/work.ts';
import { chaoticNear } from '../../src/sweep/works/_parameters.ts';
import ablation, { type AblationConfig } from '../../src/sweep/works/ablation.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-ablation-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const small = { image: 48, dates: 32, sequences: 2, bits: 10_000 };
const run = (change: Partial<AblationConfig>): Promise<Measures> =>
  ablation.run({ ...ablation.defaults, ...small, ...change }, dir);

describe('each judge tells what it should', () => {
  test('one key for all dates, and the attacks that break every variant', async () => {
    const [constant, exact] = [await run({ source: 'constant' }), await run({ source: 'exact' })];
    expect([constant.keys_random, constant.keys_seconds]).toEqual([1 / 32, 1 / 32]);
    expect([exact.keys_random, exact.keys_seconds]).toEqual([1, 1]);
    for (const { attack_share, npcr } of [constant, exact]) {
      expect(attack_share).toBe(1);
      expect(npcr).toBeCloseTo(100 / (48 * 48 * 3), 9); // one sample
    }
    expect(constant.train_s).toBeNull();
  });

  test('one plane for all channels shows in their xor; a key each does not', async () => {
    const base = { source: 'hash', map: 'lorenz', preset: 'sound' } as const;
    expect((await run({ ...base, colour: 'plane' })).channel_z).toBeGreaterThan(100);
    expect(Math.abs((await run(base)).channel_z!)).toBeLessThan(5);
  });

  test('float32 orbits of the logistic map repeat within a picture, those in float64 do not', async () => {
    const base = { source: 'hash', preset: 'sound', sequences: 4 } as const;
    const single = await run({ ...base, precision: 'float32' });
    const double = await run(base);
    expect(double.key_fresh).toBe(1);
    expect(single.key_fresh).toBeLessThan(0.2);
  });

  test('the same cell gives the same measures, times apart', async () => {
    const [a, b] = [await run({ seed: 3 }), await run({ seed: 3 })];
    expect({ ...a, encrypt_ms: 0 }).toEqual({ ...b, encrypt_ms: 0 });
    expect((await run({ seed: 4 })).chi2_z).not.toBe(a.chi2_z);
  });
});

test('window-free: an r in a window moves out of it, a chaotic one stays, and neighbours stay apart', () => {
  expect(logisticLyapunov(3.83)).toBeLessThan(0);
  const moved = [3.83, 3.8300001].map(chaoticNear);
  expect(moved[0]).toBeGreaterThan(3.8494); // the window of period 3 and its cascade end at 3.8495
  expect(moved[1]).toBeGreaterThan(moved[0]!);
  for (const r of moved) expect(logisticLyapunov(r, 2000, 2000)).toBeGreaterThan(0);
  expect(chaoticNear(3.99)).toBe(3.99);
  expect(chaoticNear(4)).toBe(4);
});

describe('wrong inputs', () => {
  const table: [Partial<Record<keyof AblationConfig, unknown>>, RegExp][] = [
    [{ source: 'oracle' }, /"source" expected trained, untrained, exact, hash or constant, got oracle/],
    [{ net: 'vgg' }, /"net" expected resnet18/],
    [{ target: 'moon' }, /"target" expected calendar/],
    [{ integrator: 'heun' }, /option "lorenz.integrator" expected euler or rk4, got heun/],
    [{ precision: 'float16' }, /option "precision" expected float64 or float32/],
    [{ quantiser: 'modulo' }, /option "quantiser" expected integer or fraction/],
    [{ multiplier: 0 }, /option "logistic.multipliers" expected/],
    [{ range: 'wide' }, /"range" expected paper, high or window-free/],
    [{ map: 'lorenz', range: 'high' }, /"range" expected paper for the lorenz map/],
    [{ dates: 1 }, /"dates" expected an integer from 2/],
    [{ preset: 'best' }, /"preset" expected paper or sound/],
  ];
  test.each(table)('%o', (base, message) => {
    const sweep = { name: 'x', question: 'Why?', work: 'ablation', seeds: [1], base };
    expect(() => planOf(sweep, ablation)).toThrow(message);
  });
});
