/** `track RUN... --mlflow URL`: runs to a tracking server. */
import type { Command } from './_command.ts';
import { text } from './_options.ts';

interface Options {
  runs: string[];
  mlflow: string;
  experiment: string;
}

const command: Command<Options> = {
  examples: [['track RUN --mlflow http://localhost:5000', 'one run to a server of this machine']],
  builder: (yargs) =>
    yargs
      .positional('runs', {
        type: 'string',
        array: true,
        describe: "folders or ids of training runs or a sweep's cells; a sweep stands for all its cells",
      })
      .options({
        mlflow: {
          ...text(
            'mlflow',
            'address of the server, http://localhost:5000 say; MLFLOW_TRACKING_TOKEN or _USERNAME',
          ),
          demandOption: true,
        },
        experiment: { ...text('experiment', 'name of the experiment there'), default: 'medchaos' },
      }) as never,
  run: async ({ runs, mlflow, experiment }) => {
    const { MlflowClient } = await import('../src/tools/mlflow/client.ts');
    const { exportRun, runFolders } = await import('../src/tools/mlflow/export.ts');
    const { progressBar } = await import('../src/shared/progress.ts');
    const client = new MlflowClient(mlflow);
    const folders = await runFolders(runs);
    const id = await client.experiment(experiment);
    const bar = progressBar('track', folders.length);
    const exported = [];
    for (const folder of folders) {
      exported.push(await exportRun(client, id, folder));
      bar.update(exported.length);
    }
    bar.stop();
    const values = exported.reduce((sum, { metrics }) => sum + metrics, 0);
    const page = `${mlflow.replace(/\/$/, '')}/#/experiments/${id}`;
    return {
      json: { experiment: id, runs: exported },
      text: `${exported.length} runs, ${values} new values\nnext: open ${page}`,
    };
  },
};

export default command;
