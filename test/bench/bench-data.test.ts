import { expect, test } from 'vitest';
import { benchData } from '../../bench/data.ts';

test('images a second by what is asked of them, and a manifest', async () => {
  const rows = await benchData(50, 16, 40);
  expect(rows.map(({ work, unit }) => `${work}: ${unit}`)).toEqual([
    'size and date 16x16x1: images/s',
    'size, date, pixel hash 16x16x1: images/s',
    'load a manifest of 50 pairs: s',
    'memory held by the plan of 40 pairs of images: MB',
  ]);
  for (const { ours, unit } of rows) if (unit !== 'MB') expect(ours).toBeGreaterThan(0);
});
