/** Names of envelopes, in a file that `--help` can load quickly. */

/** JSON Web Encryption, text; or Cryptographic Message Syntax, DER: AuthEnvelopedData, AES-256-GCM (cms.ts). */
export const envelopeKinds = ['jwe', 'cms'] as const;
export type EnvelopeKind = (typeof envelopeKinds)[number];

export const contentEncryptions = ['A128GCM', 'A256GCM'] as const;
export type ContentEncryption = (typeof contentEncryptions)[number];
