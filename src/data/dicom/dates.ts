/**
 * Dates of a DICOM file, best first: AcquisitionDateTime, then AcquisitionDate, StudyDate, SeriesDate, ContentDate,
 * InstanceCreationDate and DateOfSecondaryCapture with their times; a date without a time is its midnight. Forms of PS3.5, section 6.2: `YYYYMMDD`, `HHMMSS.FFFFFF`,
 * both in one with an offset, and ACR-NEMA's `1997.04.24` and `14:04:38`. Fractions and offsets are dropped, as
 * everywhere here.
 */
import type { Candidate } from '../../shared/datetime.ts';
import type { DataSet } from './file.ts';

/** Name, tag of the date, tag of the time. */
const pairs = [
  ['AcquisitionDate', 'x00080022', 'x00080032'],
  ['StudyDate', 'x00080020', 'x00080030'],
  ['SeriesDate', 'x00080021', 'x00080031'],
  ['ContentDate', 'x00080023', 'x00080033'],
  ['InstanceCreationDate', 'x00080012', 'x00080013'],
  ['DateOfSecondaryCapture', 'x00181012', 'x00181014'],
] as const;

/** Dates in the form `YYYY-MM-DDTHH:MM:SS`, which may not exist in the calendar; others as written. */
export function dicomDates(dataSet: DataSet): Candidate[] {
  const whole = textAt(dataSet, 'x0008002a');
  const found = pairs.map(([name, date, time]) => {
    const [day, clock] = [textAt(dataSet, date), textAt(dataSet, time)];
    return { name, written: day && `${day} ${clock}`.trim(), text: joined(day, clock) };
  });
  return [{ name: 'AcquisitionDateTime', written: whole, text: split(whole) }, ...found]
    .filter(({ written }) => written !== '')
    .map(({ name, written, text }) => ({ source: `dicom:${name}`, text: text ?? written }));
}

const textAt = (dataSet: DataSet, tag: string): string => dataSet.string(tag)?.trim() ?? '';

/** `YYYYMMDDHHMMSS.FFFFFF&ZZXX`; a date without time means midnight. */
const split = (text: string): string | null =>
  joined(text.slice(0, 8), text.slice(8).replace(/[+-]\d{4}$/, ''));

function joined(date: string, time: string): string | null {
  const day = /^(\d{4})([.]?)(\d\d)\2(\d\d)$/.exec(date);
  const clock = /^(\d\d)(?::?(\d\d)(?::?(\d\d)(?:\.\d*)?)?)?$/.exec(time);
  if (!day || (time !== '' && !clock)) return null;
  const [hour = '00', minute = '00', second = '00'] = clock?.slice(1) ?? [];
  return `${day[1]}-${day[3]}-${day[4]}T${hour}:${minute}:${second}`;
}
