import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest files: begun last, one of them would run alone at the end. */
const first =
  /(train-resume|reproduce|sweep\/sweep|sweep\/train|training\/train|torchvision|misfits|cms-agreement|report\/report|attacks\/parameters|judge-command)(\.slow)?\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => first.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Ten seconds a file and more: `npm run test:slow`.
    exclude: process.env.MEDCHAOS_TEST_SLOW ? [] : ['test/**/*.slow.test.ts'],
    // Generous: two runs side by side on two cores take four times as long.
    testTimeout: 300_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', 'json'],
    // Each slow suite names another, so that no run overwrites the report of `npm test`.
    outputFile: { json: '.test-report.json' },
  },
});
