/**
 * A CMS recipient with an elliptic key: KeyAgreeRecipientInfo (RFC 5652, section 6.2.2) with ephemeral-static ECDH
 * (RFC 5753, section 3.1: dhSinglePass-stdDH, the key derivation of SEC 1, section 3.6.1) and AES key wrap (RFC 3394).
 * P-256, P-384 and P-521, each with the SHA-2 of its strength; SHA-1 is read too, since `openssl cms` derives with it
 * unless told otherwise, and the derivation needs no collision resistance. One RecipientInfo each, with an ephemeral key
 * of its own.
 */
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  type ECDH,
  type KeyObject,
} from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { isTagged, octets, partsIn, stringOf, tagged } from './_asn1.ts';

const ecPublicKey = '1.2.840.10045.2.1';

/** Hashes by the identifier of the key agreement that derives with them. */
const schemes: Readonly<Record<string, string>> = {
  '1.3.133.16.840.63.0.2': 'sha1',
  '1.3.132.1.11.0': 'sha224',
  '1.3.132.1.11.1': 'sha256',
  '1.3.132.1.11.2': 'sha384',
  '1.3.132.1.11.3': 'sha512',
};

/** The key agreement that we write, by curve. */
const schemeOf: Readonly<Record<string, string>> = {
  'P-256': '1.3.132.1.11.1',
  'P-384': '1.3.132.1.11.2',
  'P-521': '1.3.132.1.11.3',
};

/** AES key wraps: the bits of their keys. */
const wraps: Readonly<Record<string, number>> = {
  '2.16.840.1.101.3.4.1.5': 128,
  '2.16.840.1.101.3.4.1.25': 192,
  '2.16.840.1.101.3.4.1.45': 256,
};
const aes256Wrap = '2.16.840.1.101.3.4.1.45';

/** Openssl's names of the curves in a JWK. */
const curves: Readonly<Record<string, string>> = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
};

/** @param key of the recipient, public, on one of the three curves */
export function agreementWith(key: KeyObject, contentKey: Buffer): asn1js.BaseBlock {
  const { curve, point } = pointOf(key);
  const scheme = schemeOf[curve]!;
  const ephemeral = createECDH(curves[curve]!);
  const originator = ephemeral.generateKeys();
  const wrap = new pkijs.AlgorithmIdentifier({ algorithmId: aes256Wrap });
  const kek = derived(ephemeral.computeSecret(point), { hash: schemes[scheme]!, wrap, ukm: null });
  const cipher = createCipheriv('id-aes256-wrap', kek, wrapIv);
  const wrapped = Buffer.concat([cipher.update(contentKey), cipher.final()]);
  return tagged(1, [
    new asn1js.Integer({ value: 3 }),
    tagged(0, [originatorKey(originator)]),
    new pkijs.AlgorithmIdentifier({ algorithmId: scheme, algorithmParams: wrap.toSchema() }).toSchema(),
    new asn1js.Sequence({ value: [encryptedKey(point, wrapped)] }),
  ]);
}

/** The curve of a key, and its public point, uncompressed. */
function pointOf(key: KeyObject): { curve: string; point: Buffer } {
  const { crv, x, y } = key.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')]);
  return { curve: crv!, point };
}

/** [1] OriginatorPublicKey; the curve is the recipient's, and not said again (RFC 5753, section 3.1.1). */
const originatorKey = (point: Buffer): asn1js.BaseBlock =>
  tagged(1, [
    new pkijs.AlgorithmIdentifier({ algorithmId: ecPublicKey }).toSchema(),
    new asn1js.BitString({ valueHex: Uint8Array.from(point).buffer }),
  ]);

/** RecipientEncryptedKey; the key is named by the SHA-1 of its point (RFC 5280, section 4.2.1.2). */
const encryptedKey = (point: Buffer, wrapped: Buffer): asn1js.Sequence =>
  new asn1js.Sequence({
    value: [tagged(0, [octets(createHash('sha1').update(point).digest())]), octets(wrapped)],
  });

const wrapIv = Buffer.alloc(8, 0xa6);

interface Derivation {
  readonly hash: string;
  readonly wrap: pkijs.AlgorithmIdentifier;
  /** The sender's addition to the derivation, if any. */
  readonly ukm: asn1js.BaseBlock | null;
}

/** SEC 1, section 3.6.1: hashes of secret, a counter and ECC-CMS-SharedInfo (RFC 5753, section 7.2), one after another. */
function derived(secret: Buffer, { hash, wrap, ukm }: Derivation): Buffer {
  const bits = wraps[wrap.algorithmId]!;
  const info = new pkijs.ECCCMSSharedInfo({
    keyInfo: wrap,
    ...(ukm && { entityUInfo: octets(stringOf(ukm)) }),
    suppPubInfo: octets(word(bits)),
  });
  const shared = Buffer.from(info.toSchema().toBER(false));
  const key: Buffer[] = [];
  for (let i = 1; Buffer.concat(key).length * 8 < bits; i++)
    key.push(createHash(hash).update(secret).update(word(i)).update(shared).digest());
  return Buffer.concat(key).subarray(0, bits / 8);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/**
 * The content key, if one of the recipients is this key: all are tried, for many name a certificate, which whoever
 * opens does not have. A wrapped key tells by itself whether it opens.
 * @param recipients RecipientInfos of any kind
 * @param key private, on one of the three curves
 * @throws Error where there is none, or it was changed
 */
export function agreed(recipients: readonly asn1js.BaseBlock[], key: KeyObject): Buffer {
  const { crv, d } = key.export({ format: 'jwk' });
  const own = createECDH(curves[crv!]!);
  own.setPrivateKey(Buffer.from(d!, 'base64url'));
  for (const block of recipients)
    if (isTagged(block, 1)) {
      const contentKey = opened(block, own);
      if (contentKey) return contentKey;
    }
  throw new Error('no recipient');
}

/** Null for another recipient's, and for unknown forms. */
function opened(block: asn1js.BaseBlock, own: ECDH): Buffer | null {
  try {
    const { point, ukm, algorithm, keys } = agreementOf(block);
    const hash = schemes[algorithm.algorithmId]!;
    const wrap = new pkijs.AlgorithmIdentifier({ schema: algorithm.algorithmParams });
    const kek = derived(own.computeSecret(point), { hash, wrap, ukm }); // refuses a point off the curve
    return keys.map((wrapped) => unwrapped(wrapped, kek)).find((found) => found !== null) ?? null;
  } catch {
    return null;
  }
}

function agreementOf(block: asn1js.BaseBlock) {
  const [, originator, ...rest] = partsIn(block);
  const ukm = isTagged(rest[0]!, 1) ? partsIn(rest.shift()!)[0]! : null;
  const [algorithm, keys] = rest;
  const [, point] = partsIn(partsIn(originator!)[0]!);
  return {
    point: (point as asn1js.BitString).valueBlock.valueHexView,
    ukm,
    algorithm: new pkijs.AlgorithmIdentifier({ schema: algorithm }),
    keys: partsIn(keys!).map((one) => stringOf(partsIn(one)[1]!)),
  };
}

function unwrapped(wrapped: Buffer, kek: Buffer): Buffer | null {
  try {
    const cipher = createDecipheriv(`id-aes${kek.length * 8}-wrap`, kek, wrapIv);
    return Buffer.concat([cipher.update(wrapped), cipher.final()]);
  } catch {
    return null;
  }
}
