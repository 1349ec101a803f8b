/**
 * De-identification of a data set by the Basic Application Level Confidentiality Profile (DICOM PS3.15, annex E), with
 * the originals apart, ready for encryption (section E.1.1).
 *
 * Beyond the table (basic-profile.ts) go private attributes, curves and overlays, as it says; and all that is not known
 * to be harmless (beyond-profile.ts), or repeats a name (leaks.ts). Where the table lets an attribute be removed or
 * emptied, it is emptied or given a dummy value, so that the object stays valid for types 1 and 2. Sequences that stay
 * are gone through item by item.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { actionBeyond, type Beyond, basicProfile, isWellFormed } from './basic-profile.ts';
import { type DicomElement, type DicomElements, textElement, textOf, withElements } from './elements.ts';
import type { DataSet } from './file.ts';
import { identifyingWords, repeatsWord } from './leaks.ts';

export interface Deidentified {
  /** The readable data set. */
  readonly open: DicomElements;
  /** The original top-level elements that were changed or removed; sequences as a whole. */
  readonly originals: DicomElements;
}

/**
 * @param secret replaces UIDs and patient IDs: the same one the same way under one secret, which should be random
 * @param changes elements to put in place besides
 */
export function deidentify(
  elements: DicomElements,
  secret: Uint8Array,
  changes: DicomElements,
): Deidentified {
  const kept = scrubbed(elements, { secret, words: identifyingWords(elements) });
  const open = withRequired(withElements(kept, [...notes, ...changes]));
  const byTag = new Map(open.map((element) => [element.tag, element]));
  return { open, originals: elements.filter((element) => !same(element, byTag.get(element.tag))) };
}

/** Raw Data Storage: the class of objects without pixel data that need no further attributes. */
const rawData = '1.2.840.10008.5.1.4.1.1.66';

const belonging = new Set(['00080018', '00100010', '00100020', '0020000d', '0020000e']);

/**
 * What anybody may read of a file without a picture: pseudonyms of patient, study, series and instance, and that the rest
 * is encrypted.
 */
export function bareAttributes(elements: DicomElements, secret: Uint8Array): DicomElements {
  const chosen = elements.filter(({ tag }) => belonging.has(tag));
  const open = scrubbed(chosen, { secret, words: new Set() });
  const about = [textElement('00080016', 'UI', rawData), textElement('00080060', 'CS', 'OT')];
  return withRequired(withElements(open, [...notes, ...about]));
}

interface Scrubbing {
  readonly secret: Uint8Array;
  /** Texts with one of them go. */
  readonly words: ReadonlySet<string>;
}

const scrubbed = (elements: DicomElements, scrubbing: Scrubbing): DicomElement[] =>
  elements.flatMap((element) => scrub(element, scrubbing));

function scrub(element: DicomElement, scrubbing: Scrubbing): DicomElement[] {
  const { tag, vr, value } = element;
  const { secret, words } = scrubbing;
  const action = actionOf(tag, vr);
  if (action === 'X') return [];
  const emptied = action === 'Z' || action === 'X/Z';
  if (!Buffer.isBuffer(value)) {
    if (emptied) return [{ ...element, value: [] }];
    return action.endsWith('D')
      ? []
      : [{ ...element, value: value.map((item) => scrubbed(item, scrubbing)) }];
  }
  if (tag === '00100010') return [textElement(tag, vr, 'ENCRYPTED')];
  if (tag === '00100020') return [{ ...element, value: pseudonym(value, secret) }];
  if (action === 'U' || vr === 'UI') return [{ ...element, value: otherUids(value, secret) }];
  if (emptied) return [{ ...element, value: Buffer.alloc(0) }];
  if (action.endsWith('D')) return vr in dummies ? [textElement(tag, vr, dummies[vr]!)] : [];
  return isWellFormed(vr, value) && !repeatsWord(element, words) ? [element] : [];
}

/** Curves and overlays go too. */
const actionOf = (tag: string, vr: string): Beyond =>
  /^(50|60)/.test(tag) || vr === 'UN' ? 'X' : (basicProfile.get(tag) ?? actionBeyond(tag, vr));

/** Values of action D by representation. Elements of other representations are removed. */
const dummies: Readonly<Record<string, string>> = {
  ...{ AE: 'ENCRYPTED', CS: 'ENCRYPTED', LO: 'ENCRYPTED', LT: 'ENCRYPTED', PN: 'ENCRYPTED', SH: 'ENCRYPTED' },
  ...{ ST: 'ENCRYPTED', UC: 'ENCRYPTED', UT: 'ENCRYPTED', AS: '000Y', DS: '0', IS: '0' },
  ...{ DA: '19000101', DT: '19000101000000', TM: '000000' },
};

/** Patients stay apart, and a patient's images together, under one secret. */
function pseudonym(value: Buffer, secret: Uint8Array): Buffer {
  const id = value.toString('latin1').trim();
  return Buffer.from(
    `ENC-${createHmac('sha256', secret).update(`patient\0${id}`).digest('hex').slice(0, 12)}`,
  );
}

/** Of the standard itself: classes, transfer syntaxes, contexts. */
const standardUids = '1.2.840.10008.';

/** The value itself where no UID changes. */
function otherUids(value: Buffer, secret: Uint8Array): Buffer {
  const uids = value
    .toString('latin1')
    .replace(/[ \0]+$/, '')
    .split('\\');
  const isKept = (uid: string): boolean => uid === '' || uid.startsWith(standardUids);
  if (uids.every(isKept)) return value;
  return Buffer.from(uids.map((uid) => (isKept(uid) ? uid : otherUid(uid, secret))).join('\\'));
}

/** A UID that is made from a UUID (PS3.5, section B.2), whose bits follow from the original and the secret. */
function otherUid(uid: string, secret: Uint8Array): string {
  const bytes = createHmac('sha256', secret).update('uid\0').update(uid).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80; // RFC 9562, section 5.8: version 8, bits of the maker's choice
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`;
}

/** How the De-identification Method of our objects begins. */
const ours = 'medchaos:';

/** Whether an object says that we encrypted it. */
export const isOurs = (dataSet: DataSet): boolean => dataSet.string('x00120063')?.startsWith(ours) === true;

/** PS3.15, section E.1.1: what says that, and how, it was de-identified; the code is of PS3.16, CID 7050. */
const notes: DicomElements = [
  textElement('00120062', 'CS', 'YES'),
  textElement('00120063', 'LO', `${ours} attributes removed and encrypted, pixel data encrypted`),
  {
    tag: '00120064',
    vr: 'SQ',
    value: [
      [
        textElement('00080100', 'SH', '113100'),
        textElement('00080102', 'SH', 'DCM'),
        textElement('00080104', 'LO', 'Basic Application Confidentiality Profile'),
      ],
    ],
  },
  textElement('00280303', 'CS', 'REMOVED'),
];

const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';

/**
 * What every image must have (types 1 and 2 of the patient, study, series, equipment and image modules), for files
 * that left it out: empty, or the least that is true.
 */
function withRequired(elements: DicomElement[]): DicomElement[] {
  const uid = (tag: string): DicomElement => textElement(tag, 'UI', otherUid(tag, randomBytes(32)));
  const asCapture = (textOf(elements, '00080016') ?? '') === '';
  const known = asCapture ? elements.filter(({ tag }) => tag !== '00080016') : elements;
  const least: DicomElements = [
    textElement('00080016', 'UI', secondaryCapture),
    ...(asCapture ? [textElement('00080064', 'CS', 'WSD')] : []),
    textElement('00080060', 'CS', 'OT'),
    ...['00080018', '0020000d', '0020000e'].map(uid),
    ...['00080020 DA', '00080030 TM', '00080050 SH', '00080070 LO', '00080090 PN', '00100010 PN'].map(empty),
    ...['00100020 LO', '00100030 DA', '00100040 CS', '00200010 SH', '00200011 IS', '00200013 IS'].map(empty),
  ];
  return withElements(
    least,
    known.filter((element) => !isEmptyOne(element)),
  );
}

const empty = (text: string): DicomElement => textElement(text.slice(0, 8), text.slice(9), '');

/** Of type 1, and empty. */
const isEmptyOne = ({ tag, value }: DicomElement): boolean =>
  ['00080018', '00080060', '0020000d', '0020000e'].includes(tag) && value.length === 0;

function same(one: DicomElement, other: DicomElement | undefined): boolean {
  if (!other) return false;
  if (Buffer.isBuffer(one.value)) return Buffer.isBuffer(other.value) && one.value.equals(other.value);
  const [items, others] = [one.value, other.value as readonly DicomElements[]];
  return (
    items.length === others.length &&
    items.every((item, i) => {
      const second = new Map(others[i]!.map((element) => [element.tag, element]));
      return item.length === second.size && item.every((element) => same(element, second.get(element.tag)));
    })
  );
}
