/** Data elements in words: keyword, tag, and the value of a text. */
import { dictionary } from 'dcmjs/dictionary';
import type { DicomElement, DicomElements } from './elements.ts';

/** `Modality (0008,0060) CT`, in order of tags; empty ones are left out. */
export const described = (elements: DicomElements): string[] =>
  [...elements]
    .sort((a, b) => (a.tag < b.tag ? -1 : 1))
    .flatMap((element) => (element.value.length === 0 ? [] : [line(element)]));

function line({ tag, vr, value }: DicomElement): string {
  const place = `(${tag.slice(0, 4)},${tag.slice(4)})`.toUpperCase();
  const name = `${dictionary[place]?.name ?? 'attribute'} ${place}`;
  if (!Buffer.isBuffer(value)) return `${name} of ${value.length} items`;
  return texts.has(vr)
    ? `${name} ${value
        .toString('latin1')
        .replace(/[ \0]+$/, '')
        .replace(/\p{Cc}/gu, '?')}`
    : name;
}

const texts = new Set('AS CS DA DS IS LO PN SH TM UI'.split(' '));
