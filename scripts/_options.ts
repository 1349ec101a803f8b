/** Options that commands share. */

import { type DeviceName, deviceSchema, engineNames } from '../src/engine/names.ts';
import { InputError } from '../src/shared/errors.ts';
import { flagOf, kindOf, type Option, type Options } from '../src/shared/option.ts';
import { say } from '../src/shared/progress.ts';
import { faultIn } from '../src/shared/schema.ts';
import { allowDecoded } from '../src/shared/size-limit.ts';

export const warn = (line: string): void => say(`warning: ${line}`);

/** Makes yargs refuse an option that is given twice, where it would otherwise pass on both values as a list. */
export const once =
  (name: string) =>
  <Value>(value: Value): Value => {
    if (Array.isArray(value)) throw new InputError(`--${name} is given ${value.length} times; give it once`);
    return value;
  };

/** The entries of yargs for a table; options with `flag: 'none'` have none. */
export const yargsOptions = (options: Options) =>
  Object.fromEntries(
    Object.entries(options)
      .filter(([, { flag }]) => flag !== 'none')
      .map(([key, each]) => [flagOf(key), yargsOption(flagOf(key), each)]),
  );

function yargsOption(name: string, { schema, flag, help, unset, default: standard }: Option) {
  const { type, choices } = flag === 'text' ? { type: 'string' as const } : kindOf(schema);
  const check = <Value>(value: Value): Value => {
    once(name)(value);
    const fault = flag === 'text' ? null : faultIn(schema, value);
    if (fault !== null) throw new InputError(`--${name} ${fault}`);
    return value;
  };
  return {
    type,
    ...(choices && { choices }),
    requiresArg: type !== 'boolean',
    describe: `${help} [default: ${standard ?? unset ?? 'none'}]`,
    coerce: check,
  };
}

/** A string option that is given at most once. */
export const text = (name: string, describe: string) =>
  ({ type: 'string', requiresArg: true, describe, coerce: once(name) }) as const;

/** Which picture of a DICOM file. */
export const frameOption = {
  type: 'number',
  requiresArg: true,
  describe: 'frame of a DICOM file of several, counted from 1',
  coerce: once('frame'),
} as const;

/** An integer option with its range. */
export const integer = (name: string, describe: string, low: number, high: number) =>
  ({
    type: 'number',
    requiresArg: true,
    describe,
    coerce: (value: number) => {
      once(name)(value);
      if (Number.isInteger(value) && value >= low && value <= high) return value;
      throw new InputError(`--${name} expected an integer from ${low} to ${high}, got ${value}`);
    },
  }) as const;

/** Of commands that read images. */
export const maxDecodedOption = {
  'max-decoded': {
    type: 'number',
    requiresArg: true,
    describe:
      'MB that a picture may take when decoded (default: 512, and beyond 90 MB at most 20 times its file)',
    coerce: (value: number): void => {
      once('max-decoded')(value);
      if (!(value > 0)) throw new InputError(`--max-decoded expected a number of MB above 0, got ${value}`);
      allowDecoded(value);
    },
  },
} as const;

/** Of commands that take whole folders. */
export const jobsOption = {
  type: 'number',
  requiresArg: true,
  describe: 'folder: worker threads (default: all cores)',
  coerce: once('jobs'),
} as const;

/** Of commands that run networks. */
export const engineOptions = {
  engine: {
    choices: engineNames,
    default: 'auto' as const,
    requiresArg: true,
    describe:
      'what computes the networks; webgpu, for cards without CUDA, is good for asking a trained network (47 to 110 ms an image on an H200) and slow at training (28 to 42 images/s there, where tensorflow had 1,140 to 1,737)',
    coerce: once('engine'),
  },
  device: {
    type: 'string',
    default: 'auto' as const,
    requiresArg: true,
    describe:
      'what tensorflow computes on: cpu, gpu, gpu:N (an NVIDIA card, as nvidia-smi counts); webgpu: gpu',
    coerce: (value: string): DeviceName => {
      const fault = faultIn(deviceSchema, once('device')(value));
      if (fault !== null) throw new InputError(`--device ${fault}`);
      return value as DeviceName;
    },
  },
} as const;

/** Of commands that seal for recipients. @param describe what the recipients may open */
export const recipientOptions = (describe: string) =>
  ({
    recipient: {
      type: 'string',
      array: true,
      nargs: 1,
      demandOption: '(a public key in PEM form; medchaos keygen makes one)',
      describe,
    },
    'allow-expired': {
      type: 'boolean',
      default: false,
      describe: 'take certificates that are not valid now, for archives',
    },
  }) as const;
