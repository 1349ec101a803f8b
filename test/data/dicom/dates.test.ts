import { describe, expect, test } from 'vitest';
import { readDateTime } from '../../../src/data/metadata/metadata.ts';
import { formatWallClock } from '../../../src/shared/datetime.ts';
import { dicom, type Syntax } from './_dicom.ts';

const found = async (texts: Record<string, string>, syntax: Syntax = 'explicit'): Promise<string | null> => {
  const file = await dicom({ width: 1, height: 1, words: Uint8Array.of(0), texts }, syntax);
  const date = await readDateTime(file);
  return date && `${formatWallClock(date.when)} ${date.source.replace('dicom:', '')}`;
};

const all = {
  '0008002a': 'DT 20010203040506.789+1300',
  '00080022': 'DA 20020304',
  '00080032': 'TM 050607.25',
  '00080020': 'DA 20030405',
  '00080030': 'TM 060708',
};
const without = (...tags: string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(all).filter(([tag]) => !tags.includes(tag)));

describe('dates of a DICOM file', () => {
  test.each<[string, Record<string, string>, string | null]>([
    ['all', all, '2001-02-03T04:05:06 AcquisitionDateTime'],
    ['acquisition', without('0008002a'), '2002-03-04T05:06:07 AcquisitionDate'],
    ['study', without('0008002a', '00080022'), '2003-04-05T06:07:08 StudyDate'],
    ['study without a time', { '00080020': 'DA 20030405' }, '2003-04-05T00:00:00 StudyDate'],
    ['series', { '00080021': 'DA 20040506', '00080031': 'TM 070809' }, '2004-05-06T07:08:09 SeriesDate'],
    ['content', { '00080023': 'DA 20050607', '00080033': 'TM 080910' }, '2005-06-07T08:09:10 ContentDate'],
    [
      'instance',
      { '00080012': 'DA 20060708', '00080013': 'TM 0910' },
      '2006-07-08T09:10:00 InstanceCreationDate',
    ],
    [
      'capture',
      { '00181012': 'DA 20070809', '00181014': 'TM 10' },
      '2007-08-09T10:00:00 DateOfSecondaryCapture',
    ],
    [
      'study before series, content, instance and capture',
      {
        ...{ '00181012': 'DA 20070809', '00080012': 'DA 20060708', '00080023': 'DA 20050607' },
        ...{ '00080021': 'DA 20040506', '00080020': 'DA 20030405' },
      },
      '2003-04-05T00:00:00 StudyDate',
    ],
    ['time without a date', { '00080030': 'TM 060708' }, null],
    [
      'old forms',
      { '00080020': 'DA 1997.04.24', '00080030': 'TM 14:04:38' },
      '1997-04-24T14:04:38 StudyDate',
    ],
    ['hours only', { '00080020': 'DA 19970424', '00080030': 'TM 14' }, '1997-04-24T14:00:00 StudyDate'],
    ['date and hour in one', { '0008002a': 'DT 2001020304-0500' }, '2001-02-03T04:00:00 AcquisitionDateTime'],
    [
      'an impossible one is passed over',
      { ...all, '0008002a': 'DT 20010230' },
      '2002-03-04T05:06:07 AcquisitionDate',
    ],
    ['a month alone is none', { '0008002a': 'DT 200102' }, null],
    ['empty', { '00080020': 'DA ', '00080030': 'TM ' }, null],
    ['nonsense', { '00080020': 'DA today', '00080030': 'TM 060708' }, null],
  ])('%s', async (_, texts, wanted) => {
    expect(await found(texts)).toBe(wanted);
  });

  test.each(['implicit', 'bigEndian', 'deflated', 'rle'] as const)('%s', async (syntax) => {
    expect(await found(all, syntax)).toBe('2001-02-03T04:05:06 AcquisitionDateTime');
  });

  test('the head of a file suffices, and a damaged file has none but never throws', async () => {
    const file = await dicom({ width: 99, height: 99, words: new Uint8Array(9801), texts: all });
    const date = await readDateTime(file.subarray(0, 1000));
    expect(date?.source).toBe('dicom:AcquisitionDateTime');
    for (let cut = 132; cut < 300; cut++) await readDateTime(file.subarray(0, cut));
  });
});
