/** `medchaos encrypt`: images, or a folder of them, to cipher images and sealed key files. */

import { statSync } from 'node:fs';
import { mapNames } from '../src/chaos/maps.ts';
import { contentEncryptions, envelopeKinds } from '../src/cipher/envelope/names.ts';
import { keyFormats, presetNames } from '../src/cipher/options.ts';
import { sealedNames } from '../src/cipher/schemes.ts';
import { dateLine } from '../src/data/metadata/metadata.ts';
import { networkNames } from '../src/models/networks.ts';
import type { EncryptedFile, EncryptRequest } from '../src/sealing/encrypt-file.ts';
import { nameStyles, resultKinds } from '../src/sealing/names.ts';
import type { PlannedFile } from '../src/sealing/readable.ts';
import { InputError } from '../src/shared/errors.ts';
import { option } from '../src/shared/option.ts';
import { oneOf, z } from '../src/shared/schema.ts';
import { channelModes } from '../src/shared/types.ts';
import { type CommandResult, command } from './_command.ts';
import {
  flag,
  forceOption,
  frameOption,
  jobsOption,
  maxDecodedOption,
  optional,
  recipientOptions,
  text,
  warn,
} from './_options.ts';

const encryptCommand = command({
  examples: [
    ['encrypt x.png --recipient keys/public.pem --out sealed', 'with the newest trained network'],
    ['encrypt x.png --params 10,28,2.667 --recipient keys/public.pem', 'without a network'],
    ['encrypt images --recipient keys/public.pem --out sealed', 'a whole folder'],
  ],
  positionals: {
    images: option(z.array(text), {
      required: true,
      help: 'PNG, JPEG, TIFF, GIF, WebP or DICOM files, or one folder with files of any kind; - is standard input',
    }),
  },
  options: {
    ...recipientOptions(
      'public keys or certificates (PEM) that may open the key file, all of those in the file; repeat it for ' +
        'several; dates and key usage of a certificate are checked, its chain is not',
    ),
    as: option(oneOf(resultKinds), {
      unset: 'dicom for DICOM files, png for other images; in a folder sealed for the rest',
      help:
        'a cipher image with a key file; a DICOM object that has all inside and comes back to the bit; or the whole ' +
        'file sealed, of any kind',
    }),
    map: option(oneOf(mapNames), {
      unset: "lorenz, or the paper's one that --params fits",
      help: 'chaotic map',
    }),
    params: optional('chaotic parameters by hand, r or sigma,rho,beta; skips the network'),
    date: optional('wall-clock date YYYY-MM-DDTHH:MM:SS in place of the one in the file'),
    net: option(oneOf(networkNames), { default: 'resnet18', help: 'network that predicts them' }),
    model: optional('run id or folder of a trained network', 'the newest that fits'),
    scheme: option(oneOf(sealedNames().sort()), {
      default: 'hardened',
      help: "the paper's cipher inside AES-256-GCM with fresh keys, or the paper's alone, for study",
    }),
    preset: option(oneOf(presetNames), {
      unset: 'paper',
      help: 'paper scheme: its most probable choices, or better ones',
    }),
    channels: option(oneOf(channelModes), { default: 'native', help: 'samples as stored, or always as RGB' }),
    ...frameOption,
    keyFormat: option(oneOf(keyFormats), {
      unset: 'npz',
      help: 'paper scheme: the keys themselves, or the parameters they follow from',
    }),
    envelope: option(oneOf(envelopeKinds), {
      default: 'jwe',
      help: 'of the key file: JSON Web Encryption, or CMS, which DICOM objects always have (any key but X25519)',
    }),
    enc: option(oneOf(contentEncryptions), {
      unset: 'A128GCM, hardened A256GCM',
      help: 'content encryption of the key file',
    }),
    names: option(oneOf(nameStyles), {
      default: 'original',
      help: 'of results: as the files, or study-0001/0001 and the like, with the original path inside for decrypt',
    }),
    dryRun: flag('say what would be done to each file and what would stay readable, and write nothing'),
    out: option(text, { default: '.', help: 'folder for the results' }),
    ...jobsOption,
    ...maxDecodedOption,
    ...forceOption,
  },
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
});
export default encryptCommand;

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
