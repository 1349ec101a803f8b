/** What a vector is, and the flags that say why. */

/** Inputs by name: bytes become base64, texts stay. */
export type Inputs = Readonly<Record<string, Uint8Array | string>>;

export interface Draft {
  readonly id: string;
  readonly comment: string;
  readonly flags?: readonly Flag[];
  readonly input: Inputs;
  /** What a reader must find; without it the vector is invalid. */
  readonly expected?: Readonly<Record<string, unknown>>;
}

/** Vectors that one kind of reader takes. */
export interface Group {
  readonly type: string;
  /** Of docs/FORMAT.md. */
  readonly section: string;
  readonly drafts: readonly Draft[];
}

export const flags = {
  WrongKey: 'the private key is of somebody else, or of a kind that the envelope does not take',
  SmallKey: 'the RSA key has fewer than 2048 bits',
  TamperedCipher: 'encrypted samples, or the encrypted bytes of a file, were changed',
  TamperedHeader: 'the readable header was changed',
  TamperedEnvelope: 'a byte of the envelope was changed',
  BadMac: 'the MAC of an EnvelopedData is missing, wrong, doubled or not alone',
  BadTag: 'a tag of AES-GCM is missing, wrong, or of another length',
  PaddingOracle: 'a reader that tells why it refuses gives the plaintext away (Vaudenay 2002)',
  NoMac: 'an object of before there was a MAC; readers may refuse all of them',
  FurtherMap: 'a map beside logistic and Lorenz; readers may refuse it',
  UnknownAlgorithm: 'an algorithm that the format does not have',
  Compressed: 'compressed content, which a small file can blow up',
  NotCanonical: 'another spelling of the same bytes',
  TooManyRecipients: 'more than 100 recipients',
  BurnInTooLarge: 'a burn-in of more than 100000 iterates, which lets a small file compute for long',
  Diverges: 'the orbit leaves the finite numbers',
  OutOfRange: 'a number outside its range',
  WrongType: 'a value of another type',
  Missing: 'a member, field or array is missing',
  UnknownField: 'a field that would change the meaning, and that no version has',
  UnknownScheme: 'another scheme or content type',
  UnknownVersion: 'a version that does not exist',
  WrongShape: 'a shape other than the cipher image has',
  WrongPicture: 'the key file of another cipher image',
  NotPermutation: 'an index has a position twice',
  Disagree: 'two forms of one number differ',
  Truncated: 'bytes are missing at the end',
  TrailingBytes: 'bytes follow the end',
  Damaged: 'a checksum or a structure is wrong',
  Foreign: 'a file of another program',
  WrongHash: 'the restored file has another SHA-256',
  HostileName: 'the original name leads out of the folder, or to a hidden file',
  Replay: 'opened before',
  Busy: 'somebody else is opening it',
  Boundary: 'the last value that is right',
  Tolerant: 'what a reader must pass over',
} as const;
export type Flag = keyof typeof flags;
