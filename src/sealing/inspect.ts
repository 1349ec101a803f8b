/** What anybody learns from a sealed file without a key, and from a picture that is not sealed. */
import { existsSync, statSync } from 'node:fs';
import { describeCms, describeJwe, type EnvelopeDescription, isCms } from '../cipher/index.ts';
import type { DataSet, ParsedElement } from '../data/dicom/data-set.ts';
import { isDicom, openDicom, pixelData } from '../data/dicom/file.ts';
import { pngChunks } from '../data/images/png.ts';
import { isPng } from '../data/images/sniff.ts';
import { pictureMetadata } from '../data/metadata/picture-metadata.ts';
import { InputError, printable } from '../shared/errors.ts';
import { readInput } from '../shared/files.ts';
import { isStandard } from '../shared/standard-streams.ts';
import { keysBeside } from './decrypt-file.ts';
import { envelopeOf } from './dicom-object/sealed-element.ts';
import { envelopeIn, isSealedFile } from './sealed-file.ts';

export type SealedKind = 'cipher image' | 'key file' | 'encrypted DICOM object' | 'sealed file' | 'picture';

/** Something that is not encrypted. */
export interface Readable {
  readonly name: string;
  readonly value: string;
}

export interface Inspection {
  readonly file: string;
  readonly kind: SealedKind;
  /** Of a cipher image: its key file, null where none is beside it. */
  readonly keys: string | null;
  /** null: only inside the envelope, or no envelope here. */
  readonly scheme: string | null;
  readonly preset: string | null;
  readonly envelope: 'jwe' | 'cms' | null;
  readonly encryption: string | null;
  readonly authenticated: boolean | null;
  readonly recipientCount: number;
  readonly recipients: EnvelopeDescription['recipients'];
  readonly readable: readonly Readable[];
}

/** @throws InputError for what is no sealed file, or a damaged one */
export async function inspectFile(file: string): Promise<Inspection> {
  if (!isStandard(file) && (await isSealedFile(file))) {
    const { envelope, start } = await envelopeIn(file);
    const length = { name: 'bytes of the file', value: String(statSync(file).size - start - 16) };
    const description = described(file, envelope, false);
    return { ...inspection(file, 'sealed file', description, [length]), scheme: 'sealed' };
  }
  const bytes = await readInput(file, 'sealed file');
  if (isPng(bytes)) return inspectImage(file, bytes);
  if (isDicom(bytes)) return inspectObject(file, bytes);
  const metadata = await pictureMetadata(bytes);
  if (metadata) return inspection(file, 'picture', null, metadata.map(plainField));
  return inspection(file, 'key file', described(file, bytes), []);
}

function described(file: string, bytes: Buffer, ofImage = true): EnvelopeDescription {
  try {
    return isCms(bytes)
      ? describeCms(bytes, 'authenticated')
      : describeJwe(bytes.toString('latin1'), ofImage);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${file}: ${error.message}`) : error;
  }
}

function inspection(
  file: string,
  kind: SealedKind,
  description: EnvelopeDescription | null,
  readable: readonly Readable[],
  keys: string | null = null,
): Inspection {
  const { header = null, recipients = [] } = description ?? {};
  const fields = Object.entries(header ?? {}).map(([name, value]) => ({
    name,
    value: plainText(`${value}`),
  }));
  return {
    ...{ file, kind, keys },
    scheme: header?.scheme ?? null,
    preset: header && plainText(header.preset),
    envelope: description?.envelope ?? null,
    encryption: description && plainText(description.encryption),
    authenticated: description?.authenticated ?? null,
    recipientCount: recipients.length,
    recipients,
    readable: [...readable, ...fields],
  };
}

const plainText = (text: string): string => printable(text, 80);
const plainField = ({ name, value }: Readable): Readable => ({
  name: plainText(name),
  value: plainText(value),
});

async function inspectImage(file: string, bytes: Buffer): Promise<Inspection> {
  const keys = keysBeside(file);
  const found = existsSync(keys) ? keys : null;
  const description = found === null ? null : described(found, await readInput(found, 'key file'));
  const metadata = (await pictureMetadata(bytes)) ?? [];
  const readable = [...readableOfPng(file, bytes), ...metadata.map(plainField)];
  // A cipher image looks like any other PNG: its name or its key file tells.
  const kind = found === null && !file.endsWith('.cipher.png') ? 'picture' : 'cipher image';
  return inspection(file, kind, description, readable, found);
}

/** Size, and what should not be there: chunks with metadata. */
function readableOfPng(file: string, bytes: Buffer): Readable[] {
  const [first, ...others] = pngChunks(bytes);
  if (first?.type !== 'IHDR' || first.data.length !== 13)
    throw new InputError(`${file}: expected a whole PNG, got a damaged one; get the file again`);
  const [width, height] = [first.data.readUInt32BE(0), first.data.readUInt32BE(4)];
  const more = others.filter(({ type }) => !['IDAT', 'IEND', 'PLTE'].includes(type));
  return [
    { name: 'size', value: `${width}x${height}, ${first.data[8]} bit` },
    ...more.map(({ type, data }) => ({ name: `chunk ${plainText(type)}`, value: `${data.length} bytes` })),
  ];
}

async function inspectObject(file: string, bytes: Buffer): Promise<Inspection> {
  const outer = openDicom(bytes, file);
  const description = describeCms(envelopeOf(outer, file), 'enveloped');
  return inspection(file, 'encrypted DICOM object', description, await readableOf(outer.dataSet));
}

/** Attributes with a value, of the top level. */
async function readableOf(dataSet: DataSet): Promise<Readable[]> {
  const { dictionary } = await import('dcmjs/dictionary');
  const hidden = [pixelData, 'x04000500'];
  return Object.values(dataSet.elements)
    .filter(({ tag, length }) => length > 0 && !tag.startsWith('x0002') && !hidden.includes(tag))
    .sort((a, b) => (a.tag < b.tag ? -1 : 1))
    .map((element) => {
      const tag = `(${element.tag.slice(1, 5)},${element.tag.slice(5)})`;
      const name = dictionary[tag.toUpperCase()]?.name;
      return { name: name ? `${name} ${tag}` : tag, value: shortValue(dataSet, element) };
    });
}

const texts = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' '));

function shortValue(dataSet: DataSet, { tag, vr, items, length }: ParsedElement): string {
  if (items) return `${items.length} item${items.length === 1 ? '' : 's'}`;
  if (vr === 'US' && length === 2) return `${dataSet.uint16(tag)}`;
  return vr !== undefined && texts.has(vr) ? plainText(dataSet.string(tag) ?? '') : `${length} bytes`;
}
