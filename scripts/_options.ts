/** Options that commands share. */
import { deviceSchema, engineNames } from '../src/engine/names.ts';
import { option } from '../src/shared/option.ts';
import { say } from '../src/shared/progress.ts';
import { number, oneOf, z } from '../src/shared/schema.ts';

export const warn = (line: string): void => say(`warning: ${line}`);

export const text = z.string();
export const real = z.number();

/** A boolean option that is off unless given. */
export const flag = (help: string) => option(z.boolean(), { default: false, help });

/** A file or folder, or any other text, that need not be given. @param unset text for "not given" */
export const optional = (help: string, unset?: string) =>
  option(text, { help, ...(unset !== undefined && { unset }) });

export const forceOption = { force: flag('replace existing files') };

/** Which picture of a DICOM file. */
export const frameOption = {
  frame: option(z.number(), { help: 'frame of a DICOM file of several, counted from 1' }),
};

/** Of commands that read images; scripts/_yargs.ts applies it. */
export const maxDecodedOption = {
  maxDecoded: option(number(Number.MIN_VALUE, Number.MAX_VALUE, 'a number of MB above 0'), {
    unset: '512, and beyond 90 MB at most 20 times its file',
    help: 'MB that a picture may take when decoded',
  }),
};

/** Of commands that take whole folders. */
export const jobsOption = {
  jobs: option(z.number(), { unset: 'all cores', help: 'folder: worker threads' }),
};

/** Of commands that run networks. */
export const engineOptions = {
  engine: option(oneOf(engineNames), {
    default: 'auto',
    help:
      'what computes the networks; webgpu, for cards without CUDA, is good for asking a trained network (47 to 110 ms ' +
      'an image on an H200) and slow at training (28 to 42 images/s there, where tensorflow had 1,140 to 1,737)',
  }),
  device: option(deviceSchema, {
    default: 'auto',
    help: 'what tensorflow computes on: cpu, gpu, gpu:N (an NVIDIA card, as nvidia-smi counts); webgpu: gpu',
  }),
};

export const privateKeyOptions = (help: string) => ({
  privateKey: option(text, { required: true, help }),
  passphraseFile: optional('file whose first line unlocks the private key'),
});

/** Of commands that seal for recipients. @param help what the recipients may open */
export const recipientOptions = (help: string) => ({
  recipient: option(z.array(text), {
    required: '(a public key in PEM form; medchaos keygen makes one)',
    perFlag: 1,
    help,
  }),
  allowExpired: flag('take certificates that are not valid now, for archives'),
});
