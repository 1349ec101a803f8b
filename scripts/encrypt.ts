/** `medchaos encrypt`: images to cipher images and sealed key files. */
import { networkNames } from '../src/models/networks.ts';
import type { EncryptRequest } from '../src/run/encrypt-file.ts';
import { say } from '../src/shared/progress.ts';
import type { Command } from './_command.ts';
import { frameOption, once, text } from './_options.ts';

interface Options extends Omit<EncryptRequest, 'recipients'> {
  recipient: string[];
}

const choice = <const Name extends string>(name: string, choices: readonly Name[], describe: string) =>
  ({ choices, requiresArg: true, describe, coerce: once(name) }) as const;

const command: Command<Options> = {
  command: 'encrypt <images..>',
  describe: 'encrypt images to NAME.cipher.png and NAME.keys.jwe',
  builder: (yargs) =>
    yargs
      .positional('images', {
        type: 'string',
        array: true,
        describe: 'PNG, JPEG, TIFF, GIF, WebP or DICOM files',
      })
      .options({
        recipient: {
          type: 'string',
          array: true,
          nargs: 1,
          demandOption: '(a public key in PEM form; medchaos keygen makes one)',
          describe: 'public key (PEM) that may open the key file; repeat it for several',
        },
        map: choice(
          'map',
          ['logistic', 'lorenz'],
          'chaotic map (default: lorenz, or the one that --params fits)',
        ),
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
            ['hardened', 'paper'],
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
        enc: {
          ...choice('enc', ['A128GCM', 'A256GCM'], 'content encryption of the key file'),
          defaultDescription: 'A128GCM, hardened A256GCM',
        },
        out: { ...text('out', 'folder for the results'), default: '.' },
        force: { type: 'boolean', default: false, describe: 'replace existing files' },
      }) as never,
  run: async ({ recipient, ...options }) => {
    const { encryptFiles } = await import('../src/run/encrypt-file.ts');
    const files = await encryptFiles({ ...options, recipients: recipient }, (line) =>
      say(`warning: ${line}`),
    );
    const lines = files.map(({ image, cipher, keys }) => `${image} -> ${cipher}, ${keys}`);
    const { cipher, keys } = files[0]!;
    lines.push(`next: medchaos decrypt ${cipher} --keys ${keys} --private-key private.pem`);
    return { json: { files }, text: lines.join('\n') };
  },
};
export default command;
