/**
 * A CMS recipient with an RSA key: KeyTransRecipientInfo (RFC 5652, section 6.2.1) with RSAES-OAEP and SHA-256 (RFC
 * 8017), the key named by the SHA-1 of its public half as in RFC 5280, section 4.2.1.2. PKCS #1 v1.5 is not opened:
 * its padding errors would make an oracle (Bleichenbacher, CRYPTO 1998).
 */
import {
  constants,
  createHash,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { bufferOf, isTagged, octets, partsIn, stringOf } from './_asn1.ts';

const oid = {
  oaep: '1.2.840.113549.1.1.7',
  mgf1: '1.2.840.113549.1.1.8',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const;

const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };

/** @param key of the recipient, public */
export function transportTo(key: KeyObject, contentKey: Buffer): asn1js.BaseBlock {
  return new pkijs.KeyTransRecipientInfo({
    version: 2,
    rid: new asn1js.Primitive({
      idBlock: { tagClass: 3, tagNumber: 0 },
      valueHex: bufferOf(identifierOf(key)),
    }) as never, // [0] IMPLICIT, which pkijs has no type for
    keyEncryptionAlgorithm: new pkijs.AlgorithmIdentifier({
      algorithmId: oid.oaep,
      algorithmParams: oaepParameters(),
    }),
    encryptedKey: octets(publicEncrypt({ key, ...oaep }, contentKey)),
  }).toSchema();
}

/** RSAES-OAEP-params: SHA-256, and MGF1 with it. */
function oaepParameters(): asn1js.Sequence {
  const sha256 = new pkijs.AlgorithmIdentifier({
    algorithmId: oid.sha256,
    algorithmParams: new asn1js.Null(),
  });
  const mgf1 = new pkijs.AlgorithmIdentifier({ algorithmId: oid.mgf1, algorithmParams: sha256.toSchema() });
  return new pkijs.RSAESOAEPParams({
    hashAlgorithm: sha256,
    maskGenAlgorithm: mgf1,
  }).toSchema() as asn1js.Sequence;
}

/** SHA-1 of the RSAPublicKey: a name, nothing that protects. */
const identifierOf = (key: KeyObject): Buffer =>
  createHash('sha1')
    .update(key.export({ type: 'pkcs1', format: 'der' }))
    .digest();

/**
 * The content key, if one of the recipients is this key; the others are somebody else's.
 * @param recipients RecipientInfos of any kind
 * @param key private
 * @throws Error where there is none, or it was changed
 */
export function transported(recipients: readonly asn1js.BaseBlock[], key: KeyObject): Buffer {
  const own = identifierOf(createPublicKey(key));
  for (const block of recipients) {
    if (block.idBlock.tagClass !== 1) continue;
    const [, rid, algorithm, wrapped] = partsIn(block);
    const { algorithmId } = new pkijs.AlgorithmIdentifier({ schema: algorithm });
    if (isTagged(rid!, 0) && algorithmId === oid.oaep && stringOf(rid!).equals(own))
      return privateDecrypt({ key, ...oaep }, stringOf(wrapped!));
  }
  throw new Error('no recipient');
}
