/** Strings of ASN.1, written by and read from asn1js. */
import * as asn1js from 'asn1js';

/** An ArrayBuffer of these bytes and no others, as asn1js takes it. */
export const bufferOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;
export const octets = (bytes: Uint8Array): asn1js.OctetString =>
  new asn1js.OctetString({ valueHex: bufferOf(bytes) });

/** [n] around one or several values: constructed. */
export const tagged = (tagNumber: number, value: asn1js.BaseBlock[]): asn1js.Constructed =>
  new asn1js.Constructed({ idBlock: { tagClass: 3, tagNumber }, value });

/** Whether it has a context tag: [n]. */
export const isTagged = ({ idBlock }: asn1js.BaseBlock, tagNumber: number): boolean =>
  idBlock.tagClass === 3 && idBlock.tagNumber === tagNumber;

/** Members of a SEQUENCE, a SET or a constructed tag. */
export const partsIn = (block: asn1js.BaseBlock): asn1js.BaseBlock[] =>
  (block as asn1js.Constructed).valueBlock.value;

/**
 * The bytes of a string, put together where it is constructed of pieces. asn1js also reads the bytes of a primitive
 * string as DER, and keeps what it makes of them where that works: of a random nonce or tag it must not count.
 */
export function stringOf(block: asn1js.BaseBlock): Buffer {
  const { value, valueHexView } = block.valueBlock as unknown as {
    readonly value?: asn1js.BaseBlock[];
    readonly valueHexView: Uint8Array;
  };
  return block.idBlock.isConstructed ? Buffer.concat((value ?? []).map(stringOf)) : Buffer.from(valueHexView);
}
