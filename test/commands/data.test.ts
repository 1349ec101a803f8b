/** pairs and datasets: what their commands write and say. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import datasets from '../../scripts/datasets.ts';
import pairs from '../../scripts/pairs.ts';
import { loadRaster } from '../../src/data/image.ts';
import { readLock } from '../../src/data/lock.ts';

const dir = await mkdtemp(join(tmpdir(), 'medchaos-data-'));
afterAll(() => rm(dir, { recursive: true }));

describe('pairs', () => {
  const options = {
    encoder: 'text',
    target: 'calendar',
    map: 'lorenz',
    count: 20,
    size: 64,
    seed: 1,
    valFraction: 0.1,
  } as const;
  const run = (more: object) => pairs.run({ ...options, ...more } as never);

  test('writes table, summary and sheet, the same ones each time', async () => {
    const [a, b] = [join(dir, 'a'), join(dir, 'b')];
    const result = await run({ out: a });
    await run({ out: b });
    for (const file of ['pairs.csv', 'pairs.json', 'sheet.png'])
      expect(readFileSync(join(a, file)).equals(readFileSync(join(b, file)))).toBe(true);
    const sheet = await loadRaster(readFileSync(join(a, 'sheet.png')), 'sheet.png', 'native');
    expect(sheet).toMatchObject({ width: 540, height: 200, channels: 1 });
    expect(result.json).toMatchObject({ out: a, count: 20, splits: { train: 16, val: 2, test: 2 } });
    expect(result.text).toMatch(/^20 pairs: .*synthetic 20$/m);
    expect(result.text).toMatch(/^next: medchaos train/m);
  });

  test('a wrong option leaves nothing behind', async () => {
    for (const wrong of [{ size: 20 }, { count: 0 }, { data: join(dir, 'none') }, { valFraction: 2 }]) {
      await expect(run({ out: join(dir, 'wrong'), ...wrong })).rejects.toMatchObject({ name: 'InputError' });
      expect(existsSync(join(dir, 'wrong'))).toBe(false);
    }
  });
});

describe('datasets list', () => {
  const run = (data: string) => datasets.run({ action: 'list', data } as never);

  test('four sets, their licences, nothing present', async () => {
    const { json, text } = await run(dir);
    const sets = (json as { datasets: { state: string; archives: number }[] }).datasets;
    expect(sets.map(({ state, archives }) => `${state} ${archives}`)).toEqual([
      'missing 17',
      'missing 2',
      'missing 1',
      'missing 1',
    ]);
    for (const { id, landing } of readLock().datasets) {
      expect(text).toContain(`${id}:`);
      expect(text).toContain(landing);
    }
  });

  test('a folder that is not there is refused, the default one is merely empty', async () => {
    await expect(run(join(dir, 'none'))).rejects.toThrow(/cannot read data folder/);
  });
});
