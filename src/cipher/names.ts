/** Names of key files and envelopes, in a file that `--help` can load quickly. */

/** Of the paper's scheme: the keys themselves, or the parameters that they follow from. */
export const keyFormats = ['npz', 'compact'] as const;
export type KeyFormat = (typeof keyFormats)[number];

/** JSON Web Encryption, text; or Cryptographic Message Syntax, DER: AuthEnvelopedData, AES-256-GCM (cms.ts). */
export const envelopeKinds = ['jwe', 'cms'] as const;
export type EnvelopeKind = (typeof envelopeKinds)[number];

export const contentEncryptions = ['A128GCM', 'A256GCM'] as const;
export type ContentEncryption = (typeof contentEncryptions)[number];
