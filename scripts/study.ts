/** `study RUN`: what a trained network learned, and what its keys are worth. */
import { option } from '../src/shared/option.ts';
import { say } from '../src/shared/progress.ts';
import { integer } from '../src/shared/schema.ts';
import { command } from './_command.ts';
import { engineOptions, text } from './_options.ts';

const studyCommand = command({
  examples: [['study train-lorenz-resnet18-0123abcd-s1', 'a run by its id']],
  positionals: {
    run: option(text, { required: true, help: 'folder of a training run, or its id under results/runs' }),
  },
  options: {
    ...engineOptions,
    dates: option(integer(64, 1e6), { default: 2048, help: 'unseen dates, 1990 to 2039' }),
    seconds: option(integer(256, 1e6), { default: 4096, help: 'sampled seconds of 2021' }),
  },
  run: async ({ run: named, engine: wanted, device, dates, seconds }) => {
    const { readDateTraining } = await import('../src/training/trained.ts');
    const { run } = await readDateTraining(named);
    const { openEngine } = await import('../src/engine/engine.ts');
    const { studyFile, studyRun } = await import('../src/training/study/study.ts');
    const { studyLines } = await import('../src/training/study/text.ts');
    const engine = await openEngine(wanted, device);
    say(`engine: ${engine.why}`);
    const study = await studyRun(run, engine, { dates, seconds });
    return { json: study, text: [...studyLines(study), `study: ${studyFile(run)}`].join('\n') };
  },
});
export default studyCommand;
