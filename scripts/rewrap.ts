/** `medchaos rewrap`: key files and encrypted DICOM objects for other recipients. */
import type { RewrapResult } from '../src/sealing/rewrap.ts';
import { option } from '../src/shared/option.ts';
import { z } from '../src/shared/schema.ts';
import { command } from './_command.ts';
import { flag, optional, privateKeyOptions, recipientOptions, text, warn } from './_options.ts';

const rewrapCommand = command({
  examples: [
    ['rewrap sealed --private-key keys/private.pem --recipient keys/public.pem --recipient b.pem', 'add B'],
    ['rewrap x.keys.jwe --private-key keys/private.pem --recipient b.pem --out for-b', 'a copy for B alone'],
  ],
  positionals: {
    files: option(z.array(text), {
      required: true,
      help: 'NAME.keys.jwe, NAME.keys.cms, NAME.cipher.png with its key file beside it, NAME.cipher.dcm, or folders',
    }),
  },
  options: {
    ...privateKeyOptions('private key that opens them now (PEM)'),
    ...recipientOptions(
      'public keys or certificates (PEM) that may open them from now on, and no others; repeat it for several',
    ),
    out: optional('folder for the results', 'in the place of the files'),
    force: flag('replace files in --out, or those that your own key opens by ones that it does not'),
  },
  run: async ({ recipient, ...options }) => {
    const { rewrapFiles } = await import('../src/sealing/rewrap.ts');
    const result = await rewrapFiles({ ...options, recipients: recipient }, warn);
    return { json: result, text: textOf(result), exitCode: result.failed.length > 0 ? 1 : 0 };
  },
});
export default rewrapCommand;

function textOf({ done, failed, recipients }: RewrapResult): string {
  const total = done.length + failed.length;
  const files = `${done.length} of ${total} file${total > 1 ? 's' : ''}`;
  return [
    ...done.map(({ file, out }) => (file === out ? file : `${file} -> ${out}`)),
    ...failed.map(({ file, reason }) => `failed: ${file}: ${reason}`),
    `rewrapped ${files} for ${recipients} recipient${recipients > 1 ? 's' : ''}`,
  ].join('\n');
}
