/** A metric is its file and its line in the registry: commands, runs, tables and report take it from there. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { type Metric, measureNames } from '../../src/metrics/types.ts';

const toy: Metric = {
  id: 'toy',
  label: 'Largest sample',
  unit: 'steps',
  decimals: 3,
  table: 5,
  title: 'largest sample of the cipher',
  measure: ({ cipherCounts }) => cipherCounts().findLastIndex((count) => count > 0),
  ideal: () => ({ mean: 250, sd: 2 }),
};

vi.mock('../../src/metrics/metrics.ts', async (original) => {
  const { metrics } = await original<typeof import('../../src/metrics/metrics.ts')>();
  return { metrics: { ...metrics, toy } };
});

const { sectionNames, measureEverything } = await import('../../src/metrics/sections.ts');
const { describeCell } = await import('../../src/tables/metrics-text.ts');
const { buildTables } = await import('../../src/tables/tables.ts');
const { scoresOf } = await import('../../src/tables/findings.ts');
const { parseResults } = await import('../../src/tables/run-json.ts');
const { toMarkdown } = await import('../../src/tables/print.ts');
const { writeReproduction } = await import('../../src/report/write.ts');
const { makeFixture, withPeers, writePictures } = await import('../report/fixture.ts');
const { noise, picture } = await import('./_images.ts');
const { stream } = await import('../../src/shared/random.ts');

const fixture = makeFixture(16);
const results = withPeers(fixture);
/** As written before there were metrics beside the paper's. */
const older = {
  ...fixture.results,
  cells: fixture.results.cells.map((cell) => ({
    ...cell,
    measures: Object.fromEntries(measureNames.map((name) => [name, cell.measures[name]])),
  })),
};

test('`medchaos metrics` has a section of its own for it', () => {
  const images = { plain: picture(20, 20, 1, 8), cipher: noise(20, 20, 1, 8, stream(1, 'toy')) };
  const result = measureEverything(images, { only: ['toy'] });
  expect(sectionNames.at(-1)).toBe('toy');
  expect(result.measures).toMatchObject([{ name: 'toy', unit: 'steps', expected: 250, sd: 2 }]);
  expect(describeCell(result)).toContain('toy: largest sample of the cipher');
});

test('run.json has it in every cell, and gives it back', () => {
  for (const { measures } of results.cells) expect(measures).toHaveProperty('toy.expected', 250);
  expect(parseResults(JSON.stringify(results), 'run.json')).toEqual(results);
});

test('Table 5 has its rows, Table 7 its column, with label, unit and decimals', () => {
  const tables = buildTables(results);
  const five = tables[4]!.layout.lines.filter(({ heads }) => heads[0] === 'Largest sample, steps');
  expect(five).toHaveLength(4 * 3);
  expect(five[1]!.cells.at(-1)!.text).toBe('250.000 ± 2.000');
  const [peers] = tables[6]!.more;
  for (const { columns } of [tables[6]!.layout, peers!.layout])
    expect(columns.at(-1)).toBe('Largest sample, steps');
  expect(toMarkdown(tables[6]!)).toContain('| Largest sample, steps |');
  expect(scoresOf(tables).some(({ measure }) => measure === 'toy')).toBe(true);
});

test('the report shows it', async () => {
  const out = await mkdtemp(join(tmpdir(), 'medchaos-toy-'));
  await writePictures(out, fixture);
  await writeReproduction(out, results);
  expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('Largest sample, steps');
  expect(await readFile(join(out, 'tables', 'table-5.csv'), 'utf8')).toContain('\ntoy,sample1,');
  await rm(out, { recursive: true });
});

test('a run of before opens without it', () => {
  const old = parseResults(JSON.stringify(older), 'run.json');
  const tables = buildTables(old);
  expect(tables[4]!.rows).toHaveLength(120);
  expect(tables[6]!.layout.columns).toHaveLength(8);
});
