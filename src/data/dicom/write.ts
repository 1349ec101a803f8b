/** A DICOM file (PS3.10, section 7) in Explicit VR Little Endian. */
import { type DicomElements, encodeElements, textElement, textOf } from './elements.ts';
import { transferSyntaxes } from './file.ts';

/** Names this implementation (PS3.7, section D.3.3.2): made from a UUID, drawn once. */
const implementation = '2.25.255087979135117315037217142799778253053';

/** @param elements with SOP class and instance */
export function writeDicom(elements: DicomElements): Buffer {
  const meta = encodeElements([
    { tag: '00020001', vr: 'OB', value: Buffer.of(0, 1) },
    textElement('00020002', 'UI', textOf(elements, '00080016')!),
    textElement('00020003', 'UI', textOf(elements, '00080018')!),
    textElement('00020010', 'UI', transferSyntaxes.explicit),
    textElement('00020012', 'UI', implementation),
    textElement('00020013', 'SH', 'MEDCHAOS'),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const group = encodeElements([{ tag: '00020000', vr: 'UL', value: length }]);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), group, meta, encodeElements(elements)]);
}
