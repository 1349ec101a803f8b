/** The commands in groups, as `medchaos` lists them. The module of a command loads when that command runs. */
import type { Command } from './_command.ts';

export interface Entry {
  /** Name and positionals, in the notation of yargs. */
  readonly command: string;
  readonly describe: string;
  // biome-ignore lint/suspicious/noExplicitAny: commands with different options share one list
  readonly load: () => Promise<{ default: Command<any> }>;
}

export const groups: Readonly<Record<string, readonly Entry[]>> = {
  'judge a scheme': [
    {
      command: 'judge',
      describe: 'put any image cipher on trial: a program, pairs of pictures, or a scheme by name',
      load: () => import('./judge.ts'),
    },
    {
      command: 'metrics',
      describe: 'measure a cipher image against its plain image, or audit published rows',
      load: () => import('./metrics.ts'),
    },
    {
      command: 'review [table]',
      describe: "a referee's memo on published rows: what cannot come from an ideal cipher",
      load: () => import('./review.ts'),
    },
    {
      command: 'nist [file]',
      describe: 'test bits for randomness with the 15 tests of NIST SP 800-22',
      load: () => import('./nist.ts'),
    },
    {
      command: 'attack <name> [image]',
      describe: 'attack a scheme: chosen-plaintext, known-plaintext, differential, ... or all',
      load: () => import('./attack.ts'),
    },
  ],
  'encrypt images': [
    {
      command: 'keygen',
      describe: 'make a key pair: private.pem to keep, public.pem to give away',
      load: () => import('./keygen.ts'),
    },
    {
      command: 'encrypt <images..>',
      describe:
        'encrypt images, or a folder of them, to NAME.cipher.png and NAME.keys.jwe, or NAME.cipher.dcm',
      load: () => import('./encrypt.ts'),
    },
    {
      command: 'decrypt <cipher>',
      describe: 'decrypt a cipher image or DICOM object, or a folder of them, exactly',
      load: () => import('./decrypt.ts'),
    },
    {
      command: 'rewrap <files..>',
      describe: 'give key files and encrypted DICOM objects to other recipients, pictures untouched',
      load: () => import('./rewrap.ts'),
    },
    {
      command: 'inspect <file>',
      describe: 'show what a sealed file tells without a key: scheme, recipients, what is readable',
      load: () => import('./inspect.ts'),
    },
  ],
  'train networks': [
    {
      command: 'datasets <action> [names..]',
      describe: 'list the data sets (sizes, licences, what is present), fetch, verify or import them',
      load: () => import('./datasets.ts'),
    },
    {
      command: 'pairs',
      describe: 'pair dates (of images, or synthetic) with targets: pairs.csv, pairs.json, sheet.png',
      load: () => import('./pairs.ts'),
    },
    {
      command: 'train [experiment]',
      describe: 'train a network from metadata images to chaotic parameters',
      load: () => import('./train.ts'),
    },
    {
      command: 'study <run>',
      describe: 'measure what a trained network learned, and how many distinct keys it gives',
      load: () => import('./study.ts'),
    },
    {
      command: 'weights <action> <path>',
      describe: 'import weights of PyTorch, torchvision or timm; export trained networks',
      load: () => import('./weights.ts'),
    },
    {
      command: 'sweep [experiment]',
      describe: 'run a grid of cells, each in its own process and run folder; resumes after a kill',
      load: () => import('./sweep.ts'),
    },
    {
      command: 'runs <action> [names..]',
      describe: 'list, show, compare, remove and keep runs',
      load: () => import('./runs.ts'),
    },
    {
      command: 'track <runs..>',
      describe: 'export run folders to an MLflow server; a second export adds only new values',
      load: () => import('./track.ts'),
    },
  ],
  'reproduce the paper': [
    {
      command: 'reproduce-tables',
      describe: "recompute the paper's Tables 1-7, figures and timings, and write report.html",
      load: () => import('./reproduce-tables.ts'),
    },
    {
      command: 'report <run..>',
      describe: 'write the report of a run again; of two reproductions, also a comparison',
      load: () => import('./report.ts'),
    },
  ],
  'this machine': [
    {
      command: 'doctor',
      describe: 'show engine, machine and data sets, and the command that fixes each gap',
      load: () => import('./doctor.ts'),
    },
    {
      command: 'bench <what>',
      describe: 'measure speed and memory: medians, beside their targets',
      load: () => import('./bench.ts'),
    },
    {
      command: 'completion <shell>',
      describe: 'print the script that completes commands and options in bash or zsh',
      load: () => import('./completion.ts'),
    },
  ],
};

export const nameOf = ({ command }: Pick<Entry, 'command'>): string => command.split(' ')[0]!;

export const entries: readonly Entry[] = Object.values(groups).flat();
