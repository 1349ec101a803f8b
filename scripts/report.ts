/**
 * `report RUN...`: report.html of a run made again, with tables and figures of a reproduction (from its run.json and
 * images/), with learning curves of a training (from its metrics.jsonl).
 */
import type { Argv } from 'yargs';
import type { Command } from './_command.ts';

interface Options {
  run: string[];
}

const command: Command<Options> = {
  examples: [
    ['report RUN', 'report.html of a run'],
    ['report FIRST SECOND', 'also a comparison of two reproductions'],
  ],
  builder: (yargs: Argv) =>
    yargs.positional('run', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'run folder, or run id under results/runs',
    }) as Argv<Options>,
  run: async ({ run }) => {
    const { reportRuns } = await import('../src/tools/report-run.ts');
    const written = await reportRuns(run.map(String));
    const lines = written.flatMap(({ path, missing }) => [
      `report: ${path}`,
      ...missing.map((sentence) => `missing: ${sentence}`),
    ]);
    const missing = written.flatMap(({ path, missing }) => missing.map((text) => ({ report: path, text })));
    const json = { reports: written.map(({ path }) => path), ...(missing.length > 0 && { missing }) };
    return { json, text: lines.join('\n') };
  },
};

export default command;
