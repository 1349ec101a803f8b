/** Certificates of any dates and key usage. Their signature is none, for nobody checks it. */
import { createPublicKey } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

export interface CertificateFields {
  readonly name?: string;
  readonly from?: string;
  readonly to?: string;
  /** The first byte of KeyUsage; null: no such extension. */
  readonly usage?: number | null;
}

/** The bits of KeyUsage. */
export const uses = { signature: 0x80, encipherment: 0x20, agreement: 0x08, certificates: 0x04 } as const;

export function certificateOf(
  publicPem: string,
  { name = 'Anna', from = '2020-01-01', to = '2090-01-01', usage = null }: CertificateFields = {},
): string {
  const certificate = new pkijs.Certificate({
    version: 2,
    serialNumber: new asn1js.Integer({ value: 1 }),
    issuer: nameOf('Issuer'),
    subject: nameOf(name),
    notBefore: timeOf(from),
    notAfter: timeOf(to),
    subjectPublicKeyInfo: pkijs.PublicKeyInfo.fromBER(spki(publicPem)),
    extensions: usage === null ? [] : [keyUsage(usage)],
    signature: new pkijs.AlgorithmIdentifier({ algorithmId: '1.2.840.113549.1.1.11' }),
    signatureAlgorithm: new pkijs.AlgorithmIdentifier({ algorithmId: '1.2.840.113549.1.1.11' }),
    signatureValue: new asn1js.BitString({ valueHex: new ArrayBuffer(256) }),
  });
  const lines = Buffer.from(certificate.toSchema(true).toBER(false))
    .toString('base64')
    .match(/.{1,64}/g)!;
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

const spki = (pem: string): ArrayBuffer =>
  Uint8Array.from(createPublicKey(pem).export({ type: 'spki', format: 'der' })).buffer;

const timeOf = (date: string): pkijs.Time =>
  new pkijs.Time({ type: date < '2050' ? 0 : 1, value: new Date(`${date}T00:00:00Z`) });

function nameOf(value: string): pkijs.RelativeDistinguishedNames {
  const name = new pkijs.RelativeDistinguishedNames();
  name.typesAndValues.push(
    new pkijs.AttributeTypeAndValue({ type: '2.5.4.3', value: new asn1js.Utf8String({ value }) }),
  );
  return name;
}

function keyUsage(bits: number): pkijs.Extension {
  const value = new asn1js.BitString({ valueHex: Uint8Array.of(bits).buffer });
  return new pkijs.Extension({ extnID: '2.5.29.15', critical: true, extnValue: value.toBER(false) });
}
