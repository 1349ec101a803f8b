/**
 * `report RUN...`: report.html of a run made again, with tables and figures of a reproduction (from its run.json and
 * images/), with learning curves of a training (from its metrics.jsonl).
 */
import { option } from '../src/shared/option.ts';
import { z } from '../src/shared/schema.ts';
import { command } from './_command.ts';
import { text } from './_options.ts';

const reportCommand = command({
  examples: [
    ['report RUN', 'report.html of a run'],
    ['report FIRST SECOND', 'also a comparison: of two reproductions, of two or more trainings'],
  ],
  positionals: {
    run: option(z.array(text), { required: true, help: 'run folder, or run id under results/runs' }),
  },
  run: async ({ run }) => {
    const { reportRuns } = await import('../src/tools/report-run.ts');
    const written = await reportRuns(run);
    const lines = written.flatMap(({ path, missing }) => [
      `report: ${path}`,
      ...missing.map((sentence) => `missing: ${sentence}`),
    ]);
    const missing = written.flatMap(({ path, missing }) => missing.map((text) => ({ report: path, text })));
    const json = { reports: written.map(({ path }) => path), ...(missing.length > 0 && { missing }) };
    return { json, text: lines.join('\n') };
  },
});
export default reportCommand;
