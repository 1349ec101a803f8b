/** `study RUN`: what a trained network learned, and what its keys are worth. */
import type { DeviceName, EngineName } from '../src/engine/names.ts';
import { say } from '../src/shared/progress.ts';
import type { Command } from './_command.ts';
import { engineOptions, integer } from './_options.ts';

interface Options {
  run: string;
  engine: EngineName;
  device: DeviceName;
  dates: number;
  seconds: number;
}

const command: Command<Options> = {
  examples: [['study train-lorenz-resnet18-0123abcd-s1', 'a run by its id']],
  builder: (yargs) =>
    yargs
      .positional('run', {
        type: 'string',
        describe: 'folder of a training run, or its id under results/runs',
      })
      .options({
        ...engineOptions,
        dates: { ...integer('dates', 'unseen dates, 1990 to 2039', 64, 1e6), default: 2048 },
        seconds: { ...integer('seconds', 'sampled seconds of 2021', 256, 1e6), default: 4096 },
      }) as never,
  run: async ({ run: named, engine: wanted, device, dates, seconds }) => {
    const { readTraining } = await import('../src/training/trained.ts');
    const { run } = await readTraining(named);
    const { openEngine } = await import('../src/engine/index.ts');
    const { studyFile, studyRun } = await import('../src/training/study/study.ts');
    const { studyLines } = await import('../src/training/study/text.ts');
    const engine = await openEngine(wanted, device);
    say(`engine: ${engine.why}`);
    const study = await studyRun(run, engine, { dates, seconds });
    return { json: study, text: [...studyLines(study), `study: ${studyFile(run)}`].join('\n') };
  },
};

export default command;
