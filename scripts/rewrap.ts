/** `medchaos rewrap`: key files and encrypted DICOM objects for other recipients. */
import type { RewrapRequest, RewrapResult } from '../src/sealing/rewrap.ts';
import type { Command } from './_command.ts';
import { recipientOptions, text, warn } from './_options.ts';

interface Options extends Omit<RewrapRequest, 'recipients'> {
  recipient: string[];
}

const command: Command<Options> = {
  examples: [
    ['rewrap sealed --private-key keys/private.pem --recipient keys/public.pem --recipient b.pem', 'add B'],
    ['rewrap x.keys.jwe --private-key keys/private.pem --recipient b.pem --out for-b', 'a copy for B alone'],
  ],
  builder: (yargs) =>
    yargs
      .positional('files', {
        type: 'string',
        array: true,
        describe:
          'NAME.keys.jwe, NAME.keys.cms, NAME.cipher.png with its key file beside it, NAME.cipher.dcm, or folders',
      })
      .options({
        'private-key': {
          ...text('private-key', 'private key that opens them now (PEM)'),
          demandOption: true,
        },
        'passphrase-file': text('passphrase-file', 'file whose first line unlocks the private key'),
        ...recipientOptions(
          'public keys or certificates (PEM) that may open them from now on, and no others; repeat it for several',
        ),
        out: text('out', 'folder for the results (default: in the place of the files)'),
        force: {
          type: 'boolean',
          default: false,
          describe: 'replace files in --out, or those that your own key opens by ones that it does not',
        },
      }) as never,
  run: async ({ recipient, ...options }) => {
    const { rewrapFiles } = await import('../src/sealing/rewrap.ts');
    const result = await rewrapFiles({ ...options, recipients: recipient }, warn);
    return { json: result, text: textOf(result), exitCode: result.failed.length > 0 ? 1 : 0 };
  },
};

function textOf({ done, failed, recipients }: RewrapResult): string {
  const total = done.length + failed.length;
  const files = `${done.length} of ${total} file${total > 1 ? 's' : ''}`;
  return [
    ...done.map(({ file, out }) => (file === out ? file : `${file} -> ${out}`)),
    ...failed.map(({ file, reason }) => `failed: ${file}: ${reason}`),
    `rewrapped ${files} for ${recipients} recipient${recipients > 1 ? 's' : ''}`,
  ].join('\n');
}
export default command;
