/**
 * Recipients in PEM files: public keys, and certificates (RFC 5280), one or several in a file. Of a certificate its dates
 * and its key usage count. Its signature and chain are not checked.
 */
import { type KeyObject, X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { InputError } from '../../shared/errors.ts';
import { wallSeconds } from '../../shared/timing.ts';
import { bufferOf } from './_asn1.ts';
import { readPublicKey } from './key-pair.ts';

/** Accepts expired certificates, for archives with old recipients. */
export interface CertificateOptions {
  readonly allowExpired?: boolean | undefined;
}

/**
 * @param pem contents of the file, `name` for messages
 * @returns a public key in PEM form for each key or certificate in the file
 * @throws InputError for private keys, files without either, expired certificates, and those for other uses
 */
export function recipientsIn(pem: string, name: string, options: CertificateOptions = {}): string[] {
  const blocks = pem.includes('PRIVATE KEY')
    ? null
    : pem.match(/-----BEGIN ([^-\n]+)-----[^-]*-----END \1-----/g);
  if (!blocks) return [spkiOf(readPublicKey(pem))]; // which names the fault
  return blocks.map((block) =>
    spkiOf(block.includes('CERTIFICATE') ? certifiedKey(block, name, options) : readPublicKey(block)),
  );
}

const spkiOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }) as string;

function certifiedKey(pem: string, name: string, { allowExpired = false }: CertificateOptions): KeyObject {
  const { certificate, publicPem } = readCertificate(pem, name);
  const who = `${name}: the certificate of ${certificate.subject.replace(/\s+/g, ' ').slice(0, 60)}`;
  if (!allowExpired) checkDates(certificate, who);
  const key = readPublicKey(publicPem);
  const [bit, use] = key.asymmetricKeyType === 'rsa' ? encipherment : agreement;
  if (!allows(keyUsageOf(certificate), bit))
    throw new InputError(`${who} may not ${use}, as its key usage says; ask for one that may`);
  return key;
}

/** Bits of a key usage (RFC 5280, section 4.2.1.3). */
const encipherment = [2, 'encipher keys'] as const;
const agreement = [4, 'agree on keys'] as const;

function readCertificate(pem: string, name: string): { certificate: X509Certificate; publicPem: string } {
  try {
    const certificate = new X509Certificate(pem);
    return { certificate, publicPem: spkiOf(certificate.publicKey) };
  } catch {
    throw new InputError(`${name}: expected a whole certificate, got a damaged one; ask for the file again`);
  }
}

function checkDates({ validFrom, validTo }: X509Certificate, who: string): void {
  const now = 1000 * wallSeconds();
  const remedy = 'or add --allow-expired for an archive';
  const when = (date: string): string => date.replace(/\s+/g, ' ');
  if (!(Date.parse(validTo) >= now))
    throw new InputError(`${who} expired on ${when(validTo)}; ask for a new one, ${remedy}`);
  if (!(Date.parse(validFrom) <= now))
    throw new InputError(
      `${who} is not valid before ${when(validFrom)}; check this machine's clock, ${remedy}`,
    );
}

const keyUsage = '2.5.29.15';

/** Null where anything is allowed. */
function keyUsageOf(certificate: X509Certificate): Uint8Array | null {
  const { result } = asn1js.fromBER(bufferOf(certificate.raw));
  const { extensions = [] } = new pkijs.Certificate({ schema: result });
  const extension = extensions.find(({ extnID }) => extnID === keyUsage);
  return extension ? (extension.parsedValue as asn1js.BitString).valueBlock.valueHexView : null;
}

const allows = (bits: Uint8Array | null, bit: number): boolean =>
  bits === null || ((bits[0] ?? 0) & (0x80 >> bit)) !== 0;
