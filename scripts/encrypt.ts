/** `medchaos encrypt`: images, or a folder of them, to cipher images and sealed key files. */

import { statSync } from 'node:fs';
import { mapNames } from '../src/chaos/maps.ts';
import { sealedNames } from '../src/cipher/schemes.ts';
import { dateLine } from '../src/data/metadata/metadata.ts';
import { networkNames } from '../src/models/networks.ts';
import type { EncryptedFile, EncryptRequest } from '../src/sealing/encrypt-file.ts';
import type { PlannedFile } from '../src/sealing/readable.ts';
import { InputError } from '../src/shared/errors.ts';
import type { Command, CommandResult } from './_command.ts';
import { frameOption, jobsOption, maxDecodedOption, once, recipientOptions, text, warn } from './_options.ts';

interface Options extends Omit<EncryptRequest, 'recipients'> {
  recipient: string[];
  dryRun: boolean;
  jobs?: number;
}

const choice = <const Name extends string>(name: string, choices: readonly Name[], describe: string) =>
  ({ choices, requiresArg: true, describe, coerce: once(name) }) as const;

const command: Command<Options> = {
  examples: [
    ['encrypt x.png --recipient keys/public.pem --out sealed', 'with the newest trained network'],
    ['encrypt x.png --params 10,28,2.667 --recipient keys/public.pem', 'without a network'],
    ['encrypt images --recipient keys/public.pem --out sealed', 'a whole folder'],
  ],
  builder: (yargs) =>
    yargs
      .positional('images', {
        type: 'string',
        array: true,
        describe: 'PNG, JPEG, TIFF, GIF, WebP or DICOM files, or one folder with files of any kind',
      })
      .options({
        ...recipientOptions(
          'public keys or certificates (PEM) that may open the key file, all of those in the file; repeat it for ' +
            'several; dates and key usage of a certificate are checked, its chain is not',
        ),
        as: {
          ...choice(
            'as',
            ['png', 'dicom', 'sealed'],
            'a cipher image with a key file; a DICOM object that has all inside and comes back to the bit; or the whole ' +
              'file sealed, of any kind',
          ),
          defaultDescription: 'dicom for DICOM files, png for other images; in a folder sealed for the rest',
        },
        map: choice('map', mapNames, "chaotic map (default: lorenz, or the paper's one that --params fits)"),
        params: text('params', 'chaotic parameters by hand, r or sigma,rho,beta; skips the network'),
        date: text('date', 'wall-clock date YYYY-MM-DDTHH:MM:SS in place of the one in the file'),
        net: {
          ...choice('net', networkNames, 'network that predicts them'),
          default: 'resnet18',
        },
        model: text('model', 'run id or folder of a trained network (default: the newest that fits)'),
        scheme: {
          ...choice(
            'scheme',
            sealedNames().sort(),
            "the paper's cipher inside AES-256-GCM with fresh keys, or the paper's alone, for study",
          ),
          default: 'hardened',
        },
        preset: {
          ...choice('preset', ['paper', 'sound'], 'paper scheme: its most probable choices, or better ones'),
          defaultDescription: 'paper',
        },
        channels: {
          ...choice('channels', ['native', 'rgb'], 'samples as stored, or always as RGB'),
          default: 'native',
        },
        frame: frameOption,
        'key-format': {
          ...choice(
            'key-format',
            ['npz', 'compact'],
            'paper scheme: the keys themselves, or the parameters they follow from',
          ),
          defaultDescription: 'npz',
        },
        envelope: {
          ...choice(
            'envelope',
            ['jwe', 'cms'],
            'of the key file: JSON Web Encryption, or CMS, which DICOM objects always have (any key but X25519)',
          ),
          default: 'jwe',
        },
        enc: {
          ...choice('enc', ['A128GCM', 'A256GCM'], 'content encryption of the key file'),
          defaultDescription: 'A128GCM, hardened A256GCM',
        },
        names: {
          ...choice(
            'names',
            ['original', 'neutral'],
            'of results: as the files, or study-0001/0001 and the like, with the original path inside for decrypt',
          ),
          default: 'original',
        },
        'dry-run': {
          type: 'boolean',
          default: false,
          describe: 'say what would be done to each file and what would stay readable, and write nothing',
        },
        out: { ...text('out', 'folder for the results'), default: '.' },
        jobs: jobsOption,
        ...maxDecodedOption,
        force: { type: 'boolean', default: false, describe: 'replace existing files' },
      }) as never,
  run: async ({ recipient, jobs, dryRun, ...options }) => {
    const request = { ...options, recipients: recipient };
    const folders = options.images.filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
    if (folders.length > 0) return encryptFolder(request, folders[0]!, jobs, dryRun);
    if (jobs !== undefined) throw new InputError('--jobs is for a folder, got it with files; leave it out');
    const { encryptFiles, planFiles } = await import('../src/sealing/encrypt-file.ts');
    if (dryRun) {
      const files = await planFiles(request, warn);
      return { json: { dryRun, files }, text: files.flatMap(planLines).join('\n') };
    }
    const files = await encryptFiles(request, warn);
    const lines = files.flatMap(({ image, cipher, keys, ...file }) => [
      `${image} -> ${cipher}${keys ? `, ${keys}` : ''}`,
      ...dateLines(file),
    ]);
    const { cipher, keys } = files[0]!;
    lines.push(`next: medchaos decrypt ${cipher}${keys ? ` --keys ${keys}` : ''} --private-key private.pem`);
    return { json: { files }, text: lines.join('\n') };
  },
};

const planLines = ({ image, cipher, keys, kind, readable }: PlannedFile): string[] => [
  `${image} -> ${cipher}${keys ? `, ${keys}` : ''} (${kind})`,
  `  stays readable: ${readable.join('; ')}`,
];

/** The date, where parameters were made from it. */
const dateLines = ({ date, dateSource }: Pick<EncryptedFile, 'date' | 'dateSource'>): string[] =>
  date && dateSource !== null ? [`  ${dateLine(date)}`] : [];

async function encryptFolder(
  request: EncryptRequest,
  folder: string,
  jobs: number | undefined,
  dryRun: boolean,
): Promise<CommandResult> {
  if (request.images.length > 1)
    throw new InputError(`expected files or one folder, got ${folder} and others; give the folder alone`);
  const { encryptFolder: encryptAll, planFolder } = await import('../src/sealing/folder/encrypt.ts');
  const { encryptedText } = await import('../src/sealing/folder/summary.ts');
  if (dryRun) {
    const plan = await planFolder({ ...request, folder, jobs }, warn);
    const text = [...plan.done.flatMap(planLines), encryptedText(plan, true)].join('\n');
    return { json: { dryRun, ...plan }, text, exitCode: plan.failed.length > 0 ? 1 : 0 };
  }
  const result = await encryptAll({ ...request, folder, jobs }, warn);
  const doubtful = result.done.filter(({ date }) => date?.passedOver.length);
  const dates = doubtful.flatMap((file) => dateLines(file).map((line) => `${file.image}: ${line.trim()}`));
  return {
    json: result,
    text: [...dates, encryptedText(result)].join('\n'),
    exitCode: result.failed.length > 0 ? 1 : 0,
  };
}
export default command;
