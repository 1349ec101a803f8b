/** `track RUN... --mlflow URL`: runs to a tracking server. */
import { option } from '../src/shared/option.ts';
import { z } from '../src/shared/schema.ts';
import { command } from './_command.ts';
import { text } from './_options.ts';

const trackCommand = command({
  examples: [['track RUN --mlflow http://localhost:5000', 'one run to a server of this machine']],
  positionals: {
    runs: option(z.array(text), {
      required: true,
      help: "folders or ids of training runs or a sweep's cells; a sweep stands for all its cells",
    }),
  },
  options: {
    mlflow: option(text, {
      required: true,
      help: 'address of the server, for example http://localhost:5000; MLFLOW_TRACKING_TOKEN or _USERNAME',
    }),
    experiment: option(text, { default: 'medchaos', help: 'name of the experiment there' }),
  },
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
});
export default trackCommand;
