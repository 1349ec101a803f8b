/** The key file of an encrypted image in its envelope, as it travels. A browser has no envelopes (_sealed-browser.ts). */
import { keyContent, makeKeyPair, openImage, type Scheme, sealContent } from '../cipher/index.ts';
import type { Raster } from '../shared/types.ts';
import type { EncryptedImage } from './party.ts';

export interface Sealed {
  readonly envelope: string;
  /** @throws InputError where envelope or cipher image were changed */
  open(envelope: string, cipher: Raster): Promise<Raster>;
}

/** null for a scheme without key files. */
export async function sealedFor(scheme: Scheme, { key, cipher }: EncryptedImage): Promise<Sealed | null> {
  if (!scheme.keyFile) return null;
  const { publicPem, privatePem } = await makeKeyPair(2048);
  const envelope = String(await sealContent(scheme, keyContent(scheme, key, cipher), [publicPem]));
  return { envelope, open: async (text, image) => (await openImage(text, image, privatePem)).plain };
}
