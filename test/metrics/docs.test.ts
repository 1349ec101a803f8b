/** docs/metrics.md: every metric has a line there with equation, ideal value, caveat and file. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const lines = readFileSync('docs/metrics.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && !line.startsWith('|---') && !line.startsWith('| measure'));

/** Files that are no metric: what several of them need. */
const shared = /^(_.*|browser|histogram|index|metrics|paper|raster|sections|types)\.ts$/;
const files = readdirSync('src/metrics').filter((name) => !shared.test(name));

test('there are metrics', () => expect(files.length).toBeGreaterThan(15));
test.each(files)('%s has a line', (file) => {
  expect(lines.filter((line) => line.includes(`\`src/metrics/${file}\``)).length).toBeGreaterThan(0);
});
test.each(lines)('%s', (line) => {
  const cells = line.replaceAll('\\|', '').split('|').slice(1, -1);
  expect(cells.length).toBe(5);
  for (const cell of cells) expect(cell.trim()).not.toBe('');
});
