/**
 * What may stay readable of the attributes that the Basic Profile's table (basic-profile.ts) does not name: attributes of
 * the dictionary, in its value representation, that measure or encode something. Names, dates, addresses, free text,
 * bulk data and everything about patients, visits, requests and results goes.
 */
import { dictionary } from 'dcmjs/dictionary';
import type { ProfileAction } from './basic-profile.ts';
import { isPrivate } from './elements.ts';

/** `check`: stays if its value is one that its representation allows. */
export type Beyond = ProfileAction | 'check';

export function actionBeyond(tag: string, vr: string): Beyond {
  if (!isAsInDictionary(tag, vr) || tellsOfPicture.has(tag)) return 'X';
  if (vr.startsWith('O')) return isPalette(tag) ? 'check' : 'X';
  if (personal.has(tag.slice(0, 4)) && (texts.has(vr) || tag.startsWith('0010'))) return 'X';
  return free.has(vr) ? 'X' : 'check';
}

/** Names, addresses, dates, times, text without limits. */
const free = new Set('AE DA DT LT PN ST TM UC UN UR UT'.split(' '));
const texts = new Set('CS LO SH'.split(' '));

/** Groups of patient, request, visit, procedure, media, order and result, and of security at airports. */
const personal = new Set('0010 0032 0038 0040 0088 2200 4008 4010'.split(' '));

/** A palette picture without its palette would be no valid object; entries tell nothing of where they are used. */
const isPalette = (tag: string): boolean => /^00281[12]/.test(tag);

/** Smallest and largest values, padding values and limits, histograms (PS3.6); the table has the thumbnail. */
const tellsOfPicture = new Set(
  '00280106 00280107 00280108 00280109 00280110 00280111 00280120 00280121 00603000'.split(' '),
);

/** What the dictionary calls by a name of its own. */
const families: Readonly<Record<string, readonly string[]>> = {
  xs: ['US', 'SS'],
  lt: ['US', 'SS', 'OW'],
  ox: ['OB', 'OW'],
  up: ['UL'],
};

function isAsInDictionary(tag: string, vr: string): boolean {
  const known = dictionary[`(${tag.slice(0, 4)},${tag.slice(4)})`.toUpperCase()]?.vr;
  if (isPrivate(tag) || known === undefined) return false;
  return (families[known] ?? [known]).includes(vr) || (isPalette(tag) && ['US', 'OB'].includes(vr));
}

/** What a value of a text is made of (PS3.5, table 6.2-1), for texts in which no words belong. */
const forms: Readonly<Record<string, RegExp>> = {
  AS: /^\d{3}[DWMY]$/,
  CS: /^[A-Z0-9_ ]{0,16}$/,
  DS: /^[0-9+\-.eE ]{0,16}$/,
  IS: /^[0-9+\- ]{0,12}$/,
  LO: /^[^\p{Cc}]{0,64}$/u,
  SH: /^[^\p{Cc}]{0,16}$/u,
  UI: /^[0-9.]{0,64}$/,
};

/** Whether each value has the form that its representation allows. */
export function isWellFormed(vr: string, value: Buffer): boolean {
  const form = forms[vr];
  if (!form) return true;
  const text = value.toString('latin1').replace(/[ \0]+$/, '');
  return text.split('\\').every((part) => form.test(part.trim()));
}
