/** The commands in groups, as `medchaos` lists them. The module of a command loads when that command runs. */
import type { Command } from './_command.ts';

export interface Entry {
  readonly describe: string;
  readonly load: () => Promise<{ default: Command }>;
}

export const groups: Readonly<Record<string, Readonly<Record<string, Entry>>>> = {
  'judge a scheme': {
    judge: {
      describe: 'put any image cipher on trial: a program, pairs of pictures, or a scheme by name',
      load: () => import('./judge.ts'),
    },
    leaderboard: {
      describe: 'judge every cipher of this toolkit alike, as one table',
      load: () => import('./leaderboard.ts'),
    },
    metrics: {
      describe: 'measure a cipher image against its plain image, or audit published rows',
      load: () => import('./metrics.ts'),
    },
    review: {
      describe: "a referee's memo on published rows: what cannot come from an ideal cipher",
      load: () => import('./review.ts'),
    },
    nist: {
      describe: 'test bits for randomness with the 15 tests of NIST SP 800-22',
      load: () => import('./nist.ts'),
    },
    attack: {
      describe: 'attack a scheme: chosen-plaintext, known-plaintext, differential, ... or all',
      load: () => import('./attack.ts'),
    },
  },
  'encrypt images': {
    keygen: {
      describe: 'make a key pair: private.pem to keep, public.pem to give away',
      load: () => import('./keygen.ts'),
    },
    encrypt: {
      describe:
        'encrypt images, or a folder of them, to NAME.cipher.png and NAME.keys.jwe, or NAME.cipher.dcm',
      load: () => import('./encrypt.ts'),
    },
    decrypt: {
      describe: 'decrypt a cipher image or DICOM object, or a folder of them, exactly',
      load: () => import('./decrypt.ts'),
    },
    rewrap: {
      describe: 'give key files and encrypted DICOM objects to other recipients, pictures untouched',
      load: () => import('./rewrap.ts'),
    },
    inspect: {
      describe: 'show what a sealed file tells without a key: scheme, recipients, what is readable',
      load: () => import('./inspect.ts'),
    },
  },
  'train networks': {
    datasets: {
      describe: 'list the data sets (sizes, licences, what is present), fetch, verify or import them',
      load: () => import('./datasets.ts'),
    },
    pairs: {
      describe: 'pair dates (of images, or synthetic) with targets: pairs.csv, pairs.json, sheet.png',
      load: () => import('./pairs.ts'),
    },
    train: {
      describe: 'train a network from metadata images to chaotic parameters',
      load: () => import('./train.ts'),
    },
    study: {
      describe: 'measure what a trained network learned, and how many distinct keys it gives',
      load: () => import('./study.ts'),
    },
    weights: {
      describe: 'import weights of PyTorch, torchvision or timm; export and publish trained networks',
      load: () => import('./weights.ts'),
    },
    sweep: {
      describe: 'run a grid of cells, each in its own process and run folder; resumes after a kill',
      load: () => import('./sweep.ts'),
    },
    runs: {
      describe: 'list, show, compare, remove and keep runs',
      load: () => import('./runs.ts'),
    },
    track: {
      describe: 'export run folders to an MLflow server; a second export adds only new values',
      load: () => import('./track.ts'),
    },
  },
  'reproduce the paper': {
    'reproduce-tables': {
      describe: "recompute the paper's Tables 1-7, figures and timings, and write report.html",
      load: () => import('./reproduce-tables.ts'),
    },
    report: {
      describe: 'write the report of a run again; of two reproductions, also a comparison',
      load: () => import('./report.ts'),
    },
  },
  'this machine': {
    doctor: {
      describe: 'show engine, machine and data sets, and the command that fixes each gap',
      load: () => import('./doctor.ts'),
    },
    bench: {
      describe: 'measure speed and memory: medians, beside their targets',
      load: () => import('./bench.ts'),
    },
    schema: {
      describe: 'print the JSON Schema of a file, for editors',
      load: () => import('./schema.ts'),
    },
    completion: {
      describe: 'print the script that completes commands and options in bash or zsh',
      load: () => import('./completion.ts'),
    },
  },
};

export const entries: Readonly<Record<string, Entry>> = Object.assign({}, ...Object.values(groups));
