/** Files of those who may open what is sealed. */
import { type CertificateOptions, checkRecipients, recipientsIn } from '../cipher/index.ts';
import { readInput } from '../shared/files.ts';

/** The public keys of all recipients in PEM files. @throws InputError for an unusable file, key or certificate */
export async function readRecipientFiles(
  paths: readonly string[],
  options: CertificateOptions,
): Promise<string[]> {
  const pems: string[] = [];
  for (const path of paths)
    pems.push(...recipientsIn((await readInput(path, 'public key')).toString('utf8'), path, options));
  checkRecipients(pems);
  return pems;
}
