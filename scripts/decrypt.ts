/** `medchaos decrypt`: cipher images with sealed key files, or encrypted DICOM objects, back to the originals. */
import { statSync } from 'node:fs';
import type { DecryptRequest } from '../src/sealing/decrypt-file.ts';
import { InputError } from '../src/shared/errors.ts';
import { option } from '../src/shared/option.ts';
import { type CommandResult, command } from './_command.ts';
import {
  forceOption,
  jobsOption,
  maxDecodedOption,
  optional,
  privateKeyOptions,
  text,
  warn,
} from './_options.ts';

const decryptCommand = command({
  examples: [
    ['decrypt sealed/x.cipher.png --private-key keys/private.pem', 'with the key file beside it'],
    ['decrypt sealed --private-key keys/private.pem --out opened', 'a whole folder'],
  ],
  positionals: {
    cipher: option(text, {
      required: true,
      help: 'NAME.cipher.png, NAME.cipher.dcm, NAME.sealed, or a folder; - is standard input, with --keys',
    }),
  },
  options: {
    keys: optional('NAME.keys.jwe, which came with it; a DICOM object has none', 'the one beside it'),
    ...privateKeyOptions("the recipient's private key (PEM)"),
    ledger: optional('file that remembers what was opened and refuses replays', 'none'),
    out: optional(
      'file to write, - is standard output; of a folder: folder',
      'NAME.decrypted.png, .dcm or as it was, in this folder, or the original name if it travelled inside',
    ),
    ...jobsOption,
    ...maxDecodedOption,
    ...forceOption,
  },
  run: async ({ jobs, ...options }) => {
    if (statSync(options.cipher, { throwIfNoEntry: false })?.isDirectory()) return folder(options, jobs);
    if (jobs !== undefined)
      throw new InputError('--jobs is for a folder, got it with one file; leave it out');
    const { decryptFile } = await import('../src/sealing/decrypt-file.ts');
    const result = await decryptFile(options, warn);
    return { json: result, text: `${result.cipher} -> ${result.out}`, aside: result.out === '-' };
  },
});
export default decryptCommand;

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
