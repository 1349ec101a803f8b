/** The Encrypted Attributes Sequence of an object, with one envelope in it (PS3.15, section E.1.1). */
import { isOurs } from '../../data/dicom/deidentify.ts';
import { type DicomElement, encodeElements, textElement } from '../../data/dicom/elements.ts';
import { type DicomFile, transferSyntaxes } from '../../data/dicom/file.ts';
import { InputError } from '../../shared/errors.ts';

const tag = '04000500';

export const isSealed = ({ dataSet }: DicomFile): boolean => dataSet.elements[`x${tag}`] !== undefined;

/** @param envelope EnvelopedData, DER */
export const sealedElement = (envelope: Buffer): DicomElement => ({
  tag,
  vr: 'SQ',
  value: [
    [
      textElement('04000510', 'UI', transferSyntaxes.explicit),
      { tag: '04000520', vr: 'OB', value: envelope },
    ],
  ],
});

/** The envelope in an encrypted object. @throws InputError if there is none, or another program made it */
export function envelopeOf({ dataSet }: DicomFile, name: string): Buffer {
  const sealed = dataSet.elements[`x${tag}`]?.items?.[0]?.dataSet;
  const content = sealed?.elements.x04000520;
  if (!content)
    throw new InputError(
      `${name}: expected an encrypted DICOM object, got one without encrypted attributes; give NAME.cipher.dcm`,
    );
  if (!isOurs(dataSet))
    throw new InputError(
      `${name}: expected an object that medchaos encrypted, got another program's; decrypt it with that`,
    );
  const { dataOffset, length } = content;
  return withoutPadding(Buffer.from(sealed.byteArray.subarray(dataOffset, dataOffset + length)));
}

/** The object with another envelope; all other bytes stay. @throws InputError for the form of another program */
export function withEnvelope(
  { bytes, dataSet, transferSyntax }: DicomFile,
  envelope: Buffer,
  name: string,
): Buffer {
  const { vr, dataOffset, length, hadUndefinedLength } = dataSet.elements[`x${tag}`]!;
  if (transferSyntax !== transferSyntaxes.explicit || vr !== 'SQ')
    throw new InputError(
      `${name}: expected Explicit VR Little Endian, as medchaos wrote it, got ${transferSyntax}; use the original object`,
    );
  const end = dataOffset + length + (hadUndefinedLength ? 8 : 0); // a delimiter
  const head = bytes.subarray(0, dataOffset - 12); // tag, representation and length
  return Buffer.concat([head, encodeElements([sealedElement(envelope)]), bytes.subarray(end)]);
}

/** A value of odd length has a zero behind it; DER says how long it is. */
const withoutPadding = (content: Buffer): Buffer => content.subarray(0, derLength(content) ?? content.length);

/** Bytes of a DER element with its head (X.690, section 8.1.3), null where the length is not definite. */
function derLength(bytes: Buffer): number | null {
  const first = bytes[1] ?? 0x80;
  if (first < 0x80) return 2 + first;
  const count = first - 0x80;
  return count >= 1 && count <= 6 && bytes.length >= 2 + count
    ? 2 + count + bytes.readUIntBE(2, count)
    : null;
}
