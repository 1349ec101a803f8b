/** `medchaos decrypt`: cipher images with sealed key files, or encrypted DICOM objects, back to the originals. */
import { statSync } from 'node:fs';
import type { DecryptRequest } from '../src/sealing/decrypt-file.ts';
import { InputError } from '../src/shared/errors.ts';
import type { Command, CommandResult } from './_command.ts';
import { jobsOption, maxDecodedOption, text, warn } from './_options.ts';

interface Options extends DecryptRequest {
  jobs?: number;
}

const command: Command<Options> = {
  examples: [
    ['decrypt sealed/x.cipher.png --private-key keys/private.pem', 'with the key file beside it'],
    ['decrypt sealed --private-key keys/private.pem --out opened', 'a whole folder'],
  ],
  builder: (yargs) =>
    yargs
      .positional('cipher', {
        type: 'string',
        describe: 'NAME.cipher.png, NAME.cipher.dcm, NAME.sealed, or a folder',
      })
      .options({
        keys: text(
          'keys',
          'NAME.keys.jwe, which came with it (default: the one beside it); a DICOM object has none',
        ),
        'private-key': { ...text('private-key', "the recipient's private key (PEM)"), demandOption: true },
        'passphrase-file': text('passphrase-file', 'file whose first line unlocks the private key'),
        ledger: text('ledger', 'file that remembers what was opened and refuses replays (default: none)'),
        out: text(
          'out',
          'file to write (default: NAME.decrypted.png, .dcm or as it was, in this folder, or the original name if it ' +
            'travelled inside); of a folder: folder',
        ),
        jobs: jobsOption,
        ...maxDecodedOption,
        force: { type: 'boolean', default: false, describe: 'replace existing files' },
      }) as never,
  run: async ({ jobs, ...options }) => {
    if (statSync(options.cipher, { throwIfNoEntry: false })?.isDirectory()) return folder(options, jobs);
    if (jobs !== undefined)
      throw new InputError('--jobs is for a folder, got it with one file; leave it out');
    const { decryptFile } = await import('../src/sealing/decrypt-file.ts');
    const result = await decryptFile(options, warn);
    return { json: result, text: `${result.cipher} -> ${result.out}` };
  },
};

async function folder(
  { cipher, keys, out = '.', ...options }: DecryptRequest,
  jobs?: number,
): Promise<CommandResult> {
  if (keys !== undefined)
    throw new InputError(
      '--keys is for one file; in a folder each key file lies beside its image; leave it out',
    );
  const { decryptFolder } = await import('../src/sealing/folder/decrypt.ts');
  const { summaryOf } = await import('../src/sealing/folder/each.ts');
  const result = await decryptFolder({ ...options, folder: cipher, out, jobs }, warn);
  return { json: result, text: summaryOf('decrypted', result), exitCode: result.failed.length > 0 ? 1 : 0 };
}
export default command;
