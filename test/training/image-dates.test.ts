/** The dates of a folder of images, as `train --data` takes them; the folder has 17 images with a date and 4 without. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import train from '../../scripts/train.ts';
import { readManifest } from '../../src/data/pairs/manifest.ts';
import { trainConfig } from '../../src/training/config.ts';
import { withImageDates } from '../../src/training/image-dates.ts';
import type { ImageDates } from '../../src/training/options.ts';
import { layOut } from '../data/datasets/_real-layout.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-image-dates-'));
const before = process.cwd();
beforeAll(async () => {
  await layOut(join(root, 'data'));
  process.chdir(root);
});
afterAll(() => {
  process.chdir(before);
  rmSync(root, { recursive: true, force: true });
});

/** The result and all lines on stderr. */
async function dated(which?: ImageDates) {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  try {
    return { ...(await withImageDates('data', which, trainConfig({ size: 64 }))), said: lines.join('') };
  } finally {
    spy.mockRestore();
  }
}

test.each<[ImageDates | undefined, number, number, boolean]>([
  [undefined, 17, 4, true],
  ['any', 17, 4, false],
  ['own', 17, 0, false],
])('--dates %s: %i own dates, %i synthetic ones, warning %s', async (which, own, synthetic, warned) => {
  const { config, counts, said } = await dated(which);
  expect(counts).toMatchObject({ images: 22, own, synthetic });
  expect(said.split('\n')[0]).toMatch(/learns from the dates of the images in data, not from their pixels/);
  expect(said).toContain(`22 images: ${own} have a date of their own, ${synthetic} get a synthetic date`);
  expect(said.includes('--dates own leaves those images out')).toBe(warned);
  expect((await readManifest(config.manifest!)).rows).toHaveLength(own + synthetic);
});

test('images that are left out are counted by their reason', async () => {
  const { said } = await dated('own');
  expect(said).toContain('4 have no date and are left out');
  expect(said).toContain('1 are damaged and are left out');
});

test('own and any belong to --data', async () => {
  await expect(train.run({ dates: 'own' } as never)).rejects.toThrow(/--dates own belongs to --data/);
});
