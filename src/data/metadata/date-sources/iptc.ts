/**
 * Dates in IPTC-IIM (version 4): records of 0x1C, record and data set number, length, text. DateCreated is
 * `CCYYMMDD`, TimeCreated `HHMMSS+HHMM`; some writers put separators between.
 */
import type { Candidate } from '../../../shared/datetime.ts';

/** Name, data sets of the date and of the time, both in record 2. */
const pairs = [
  ['iptc:DateCreated', 55, 60],
  ['iptc:DigitalCreationDate', 62, 63],
] as const;

export function iptcDates(blocks: readonly Buffer[]): Candidate[] {
  const found = blocks.map(textsOf);
  return pairs.flatMap(([source, date, time]) =>
    found.flatMap((texts) => {
      const day = texts.get(date);
      return day === undefined ? [] : [{ source, text: joined(day, texts.get(time) ?? '') }];
    }),
  );
}

function textsOf(block: Buffer): Map<number, string> {
  const texts = new Map<number, string>();
  for (let at = 0; at + 5 <= block.length && block[at] === 0x1c; ) {
    const length = block.readUInt16BE(at + 3);
    const text = block.toString('latin1', at + 5, at + 5 + length);
    if (block[at + 1] === 2 && !texts.has(block[at + 2]!)) texts.set(block[at + 2]!, text);
    at += 5 + length;
  }
  return texts;
}

const joined = (date: string, time: string): string =>
  `${date.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')} ${time.replace(/^(\d\d)(\d\d)(\d\d)/, '$1:$2:$3')}`.trim();
