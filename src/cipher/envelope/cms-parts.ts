/**
 * An EnvelopedData (RFC 5652, section 6.1) or AuthEnvelopedData (RFC 5083, section 2.1), taken apart. Each has one
 * algorithm: AES-256-CBC, and AES-256-GCM with a tag of 16 bytes. Everything else is refused by name, before a key is
 * used.
 */
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { InputError } from '../../shared/errors.ts';
import { bufferOf, isTagged, partsIn, stringOf } from './_asn1.ts';
import { mostRecipients } from './key-pair.ts';

export const oid = {
  data: '1.2.840.113549.1.7.1',
  enveloped: '1.2.840.113549.1.7.3',
  authEnveloped: '1.2.840.113549.1.9.16.1.23',
  cbc: '2.16.840.1.101.3.4.1.42',
  gcm: '2.16.840.1.101.3.4.1.46',
} as const;

export const tagLength = 16;
const nonceLength = 12; // RFC 5084, section 3.2
const blockLength = 16;

/** `enveloped`: AES-256-CBC, with our MAC beside it; `authenticated`: AES-256-GCM. */
export type CmsKind = 'enveloped' | 'authenticated';

const typeOf = { enveloped: oid.enveloped, authenticated: oid.authEnveloped } as const;
const nameOf = { enveloped: 'EnvelopedData', authenticated: 'AuthEnvelopedData' } as const;

export interface CmsParts {
  /** RecipientInfos. */
  readonly recipients: readonly asn1js.BaseBlock[];
  /** Of CBC, or the nonce of GCM. */
  readonly iv: Buffer;
  readonly body: Buffer;
  /** Of an EnvelopedData: the encoded fields that our MAC covers, and UnprotectedAttributes. */
  readonly fields: Buffer;
  readonly attributes: asn1js.BaseBlock | null;
  /** Of an AuthEnvelopedData: the tag, and AuthAttributes as they are authenticated (RFC 5083, section 2.2). */
  readonly tag: Buffer;
  readonly authenticated: Buffer;
}

/** @throws InputError unless the bytes are one whole CMS structure of this kind */
export function cmsPartsOf(bytes: Uint8Array, kind: CmsKind): CmsParts {
  const { content, type } = contentOf(bytes);
  if (type !== typeOf[kind]) throw damaged(`expected ${nameOf[kind]}, got type ${type}`);
  try {
    return kind === 'enveloped' ? envelopedParts(content) : authenticatedParts(content);
  } catch (error) {
    throw error instanceof InputError ? error : damaged(`its ${nameOf[kind]} is damaged`);
  }
}

/** Of a ContentInfo: the fields of its content, and their type. */
function contentOf(bytes: Uint8Array): { content: asn1js.BaseBlock[]; type: string } {
  const { offset, result } = fromBer(bytes);
  if (offset !== bytes.length)
    throw damaged(offset < 0 ? 'it is cut off or no DER' : `${bytes.length - offset} bytes follow it`);
  try {
    const { content, contentType } = new pkijs.ContentInfo({ schema: result });
    return { content: partsIn(content as asn1js.Sequence), type: contentType };
  } catch {
    throw damaged('it is no ContentInfo');
  }
}

/** asn1js answers offset -1 to most of what it cannot read, but throws at a time that is none. */
function fromBer(bytes: Uint8Array): { offset: number; result?: asn1js.AsnType } {
  try {
    return asn1js.fromBER(bufferOf(bytes));
  } catch {
    return { offset: -1 };
  }
}

const damaged = (why: string): InputError =>
  new InputError(`the CMS envelope expected a whole structure, ${why}; ask for the file again`);

function envelopedParts(content: readonly asn1js.BaseBlock[]): CmsParts {
  const { recipients, algorithm, body, rest } = commonParts(content);
  const [attributes = null, ...more] = rest;
  if (more.length > 0 || (attributes && !isTagged(attributes, 1))) throw damaged('an unknown field follows');
  checkAlgorithm(algorithm, oid.cbc, 'AES-256-CBC');
  const fields = Buffer.concat(
    content.filter((field) => field !== attributes).map(({ valueBeforeDecodeView }) => valueBeforeDecodeView),
  );
  const iv = stringOf(algorithm.algorithmParams);
  if (iv.length !== blockLength || body.length % blockLength !== 0)
    throw damaged('its AES-CBC has no whole blocks');
  return { recipients, iv, body, fields, attributes, tag: nothing, authenticated: nothing };
}

const nothing = Buffer.alloc(0);

function authenticatedParts(content: readonly asn1js.BaseBlock[]): CmsParts {
  const { recipients, algorithm, body, rest } = commonParts(content);
  const attributes = rest[0] && isTagged(rest[0], 1) ? rest.shift()! : null;
  const [mac, unauthenticated, ...more] = rest;
  if (!(mac instanceof asn1js.OctetString) || more.length > 0) throw damaged('its tag is missing');
  if (unauthenticated && !isTagged(unauthenticated, 2)) throw damaged('an unknown field follows');
  checkAlgorithm(algorithm, oid.gcm, 'AES-256-GCM');
  const [nonce, length] = partsIn(algorithm.algorithmParams);
  const tag = stringOf(mac);
  if (tag.length !== tagLength || (length as asn1js.Integer | undefined)?.valueBlock.valueDec !== tagLength)
    throw damaged(`expected a tag of ${tagLength} bytes, got another length`);
  const iv = stringOf(nonce!);
  if (iv.length !== nonceLength) throw damaged(`expected a nonce of ${nonceLength} bytes, got ${iv.length}`);
  const authenticated = attributes ? asSet(attributes) : nothing;
  return { recipients, iv, body, fields: nothing, attributes: null, tag, authenticated };
}

/** [1] IMPLICIT SET OF with the tag of a SET. */
function asSet({ valueBeforeDecodeView }: asn1js.BaseBlock): Buffer {
  const bytes = Buffer.from(valueBeforeDecodeView);
  bytes[0] = 0x31;
  return bytes;
}

/** Version, OriginatorInfo (which nothing here needs), recipients and content, and the fields that follow them. */
function commonParts([, ...fields]: readonly asn1js.BaseBlock[]) {
  if (fields[0] && isTagged(fields[0], 0)) fields.shift();
  const [recipientSet, info, ...rest] = fields;
  if (!(recipientSet instanceof asn1js.Set && info instanceof asn1js.Sequence))
    throw damaged('recipients or content are missing');
  const recipients = partsIn(recipientSet);
  checkCount(recipients);
  const [, algorithm, body, ...more] = partsIn(info);
  if (!body || !isTagged(body, 0) || more.length > 0) throw damaged('its content is missing');
  return {
    recipients,
    algorithm: new pkijs.AlgorithmIdentifier({ schema: algorithm }),
    body: stringOf(body),
    rest,
  };
}

/** A RecipientInfo with elliptic keys may wrap the content key for several. */
const wrappedKeysIn = (info: asn1js.BaseBlock): number =>
  isTagged(info, 1) ? partsIn(partsIn(info).at(-1)!).length : 1;

function checkCount(recipients: readonly asn1js.BaseBlock[]): void {
  const count = recipients.reduce((sum, info) => sum + wrappedKeysIn(info), 0);
  if (count > mostRecipients) throw damaged(`expected at most ${mostRecipients} recipients, got ${count}`);
}

function checkAlgorithm({ algorithmId }: pkijs.AlgorithmIdentifier, expected: string, name: string): void {
  if (algorithmId !== expected)
    throw new InputError(
      `the CMS envelope expected ${name} (${expected}), got algorithm ${algorithmId}; ask for the file in ${name}`,
    );
}
