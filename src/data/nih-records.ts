/**
 * `Data_Entry_2017_v2020.csv` of NIH ChestX-ray14: one record per image, grouped by patient. Its header names
 * hold commas inside brackets, and no cell is quoted, so lines split at every comma into 11 fields. The official
 * file says `Patient Sex`, mirrors say `Patient Gender`.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { InputError } from '../shared/errors.ts';
import { reasonOf } from '../shared/files.ts';

export interface NihRecord {
  /** `NNNNNNNN_NNN.png`. */
  readonly image: string;
  readonly patient: number;
  readonly followUp: number;
  /** Empty for `No Finding`. */
  readonly findings: readonly string[];
  /** Years. */
  readonly age: number;
  readonly sex: 'F' | 'M';
  readonly view: 'AP' | 'PA';
  /** Pixels of the original, before it was brought to 1024 x 1024. */
  readonly original: { readonly width: number; readonly height: number };
  /** Millimetres between its pixels. */
  readonly spacing: { readonly x: number; readonly y: number };
}

const header =
  /^\uFEFF?Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient (Sex|Gender),View Position,OriginalImage\[Width,Height\],OriginalImagePixelSpacing\[x,y\],?$/;

/**
 * The records in the order of the file.
 * @throws InputError for a file that cannot be read, another header, or a line that is no record
 */
export async function readNihRecords(path: string): Promise<NihRecord[]> {
  const records: NihRecord[] = [];
  let line = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      if (++line === 1) checkHeader(text, path);
      else if (text !== '') records.push(recordOf(text, line, path));
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`cannot read ${path}: ${reasonOf(error)}; run: medchaos datasets fetch --only nih`);
  }
  if (line === 0) checkHeader('', path);
  return records;
}

function checkHeader(text: string, path: string): void {
  if (!header.test(text))
    throw new InputError(
      `${path}: expected the header of Data_Entry_2017_v2020.csv, got "${text.slice(0, 60)}"; fetch the file again`,
    );
}

const form =
  /^(\d{8}_\d{3}\.png),([^,]+),(\d+),(\d+),(\d+),([FM]),(AP|PA),(\d+),(\d+),([\d.eE+-]+),([\d.eE+-]+),?$/;

function recordOf(text: string, line: number, path: string): NihRecord {
  const found = form.exec(text);
  if (!found)
    throw new InputError(
      `${path}: line ${line} expected 11 fields of an image, got "${text.slice(0, 80)}"; fetch the file again`,
    );
  const [, image, labels, followUp, patient, age, sex, view, width, height, x, y] =
    found as unknown as string[];
  return {
    image: image!,
    patient: Number(patient),
    followUp: Number(followUp),
    findings: labels === 'No Finding' ? [] : labels!.split('|'),
    age: Number(age),
    sex: sex as 'F' | 'M',
    view: view as 'AP' | 'PA',
    original: { width: Number(width), height: Number(height) },
    spacing: { x: Number(x), y: Number(y) },
  };
}

/** Records by patient, both in the order of the file. */
export function byPatient(records: readonly NihRecord[]): ReadonlyMap<number, readonly NihRecord[]> {
  const patients = new Map<number, NihRecord[]>();
  for (const record of records) {
    const own = patients.get(record.patient);
    if (own) own.push(record);
    else patients.set(record.patient, [record]);
  }
  return patients;
}
