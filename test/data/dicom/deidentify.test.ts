/** What stays readable of attributes that the profile's table does not name, or that say something else than they should. */
import { describe, expect, test } from 'vitest';
import { deidentify } from '../../../src/data/dicom/deidentify.ts';
import {
  type DicomElement,
  type DicomElements,
  encodeElements,
  textElement,
} from '../../../src/data/dicom/elements.ts';

const secret = Buffer.alloc(32, 7);
const patient = [
  textElement('00100010', 'PN', 'Roe^Jane=Roe^J'),
  textElement('00100020', 'LO', 'PID-4711'),
  textElement('00100030', 'DA', '19470511'),
  textElement('00080050', 'SH', 'ACC0815'),
  textElement('00080080', 'LO', 'St. Elsewhere'),
];
const openOf = (more: DicomElements): DicomElements => deidentify([...patient, ...more], secret, []).open;
const sequence = (...items: DicomElement[]): DicomElement => ({ tag: '00081032', vr: 'SQ', value: [items] });
const nested = (element: DicomElement): DicomElement => ({ tag: '00082218', vr: 'SQ', value: [[element]] });

const gone: [string, string, string, string][] = [
  ['an element that no dictionary knows', '0010fff0', 'LO', 'Jane Doe, 4 Elm Street'],
  ['another, among technical ones', '0018fff0', 'DS', '4711.5'],
  ['birth date in another calendar', '00100033', 'LO', 'S53.08.17'],
  ['death date in another calendar', '00100034', 'LO', 'H01.02.03'],
  ['the calendar', '00100035', 'CS', 'JAPANESE'],
  ['author of a document', '0040a067', 'PN', 'Poe^Edgar'],
  ['a person where none belongs', '00180015', 'PN', 'Poe^Edgar'],
  ['text where a number belongs', '00281050', 'LT', 'call Mrs. Poe'],
  ['words in a code', '00180015', 'CS', 'call Mrs. Poe'],
  ['words in a number', '00181030', 'UN', 'call Mrs. Poe'],
  ['words in a decimal', '00180050', 'DS', 'Mrs. Poe'],
  ['an integer too long', '00200012', 'IS', '0123456789012'],
  ['free text', '0018003a', 'ST', 'given by Mrs. Poe'],
  ['long text', '00187006', 'LT', 'built for Mrs. Poe'],
  ['unlimited text', '0040a160', 'UT', 'seen by Mrs. Poe'],
  ['an address', '00081190', 'UR', 'https://pacs.example/poe'],
  ['a date', '00080416', 'DT', '20240229'],
  ['a breed', '00102292', 'LO', 'Spaniel'],
  ['an order number', '00402006', 'SH', 'ORD-99'],
  ['a visit', '00380102', 'LO', 'Room 7'],
  ['the name again, elsewhere', '00181020', 'LO', 'v2 jane'],
  ['the number again, elsewhere', '00181003', 'LO', 'x pid-4711 x'],
  ['the accession number again', '00180024', 'SH', 'ACC0815'],
  ['the hospital again', '00081090', 'LO', 'Scanner of St. Elsewhere'],
  ['the birth date again', '00181016', 'LO', 'of 19470511'],
  ['a UID of no standard', '00083012', 'UI', '1.2.826.0.1.99'],
  ['a private attribute', '00091001', 'LO', 'my note'],
  ['a profile of colours', '00282000', 'OB', 'text, Poe    '],
  ['a document', '00420011', 'OB', '%PDF-1.7 Poe'],
  ['a curve', '50003000', 'OW', 'Poe '],
];

describe('goes, at the top and in sequences that stay, and is kept for the envelope', () => {
  test.each(gone)('%s', (_, tag, vr, text) => {
    const element = textElement(tag, vr, text);
    for (const wrapped of [element, nested(element)]) {
      const { open, originals } = deidentify([...patient, wrapped], secret, []);
      expect(encodeElements(open).includes(text)).toBe(false);
      expect(encodeElements(originals).includes(text)).toBe(true);
      if (wrapped.tag === '00082218') expect(open.map((one) => one.tag)).toContain('00082218');
    }
  });
});

const kept: [string, string, string][] = [
  ['00080005', 'CS', 'ISO_IR 100'],
  ['00080008', 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'],
  ['00080060', 'CS', 'CT'],
  ['00080070', 'LO', 'ACME Médical'],
  ['00081090', 'LO', 'Scanner 3'],
  ['00080104', 'LO', 'Chest'],
  ['00180015', 'CS', 'CHEST'],
  ['00180050', 'DS', '1.25'],
  ['00181020', 'LO', 'v1.0\\v1.1'],
  ['00181210', 'SH', 'B30f'],
  ['00200037', 'DS', '1\\0\\0\\0\\1\\0'],
  ['00281050', 'DS', '40\\400'],
  ['00281054', 'LO', 'HU'],
  ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
];

test.each(kept)('(%s) %s "%s" stays', (tag, vr, text) => {
  const found = openOf([textElement(tag, vr, text)]).find((element) => element.tag === tag);
  expect(found?.value).toEqual(Buffer.from(text, 'latin1'));
});

test('palettes and numbers stay', () => {
  const elements: DicomElements = [
    { tag: '00281101', vr: 'US', value: Buffer.alloc(6, 1) },
    { tag: '00281201', vr: 'OW', value: Buffer.alloc(8, 2) },
    { tag: '00180088', vr: 'DS', value: Buffer.from('1.5 ') },
    { tag: '00189073', vr: 'FD', value: Buffer.alloc(8, 3) },
  ];
  const tags = openOf(elements).map(({ tag }) => tag);
  for (const { tag } of elements) expect(tags).toContain(tag);
});

test('names of two letters, which any text may contain, remove nothing', () => {
  const open = deidentify(
    [textElement('00100010', 'PN', 'Li^Bo'), textElement('00080070', 'LO', 'Carl Zeiss, Bologna')],
    secret,
    [],
  ).open;
  expect(encodeElements(open).includes('Carl Zeiss, Bologna')).toBe(true);
});

test('names in a sequence are looked for outside it', () => {
  const performer = sequence(textElement('00081050', 'PN', 'Quincy^Jack'));
  const open = openOf([performer, textElement('00181020', 'LO', 'quincy edition')]);
  expect(encodeElements(open).includes('quincy')).toBe(false);
});
