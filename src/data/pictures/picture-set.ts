/**
 * Pictures of a folder with the targets of a table, in three splits. Splits go by group: the patient, and exact copies,
 * so that no patient and no copy is in two splits.
 */
import { createHash } from 'node:crypto';
import { InputError } from '../../shared/errors.ts';
import { checkFolder } from '../datasets/presence.ts';
import { Groups } from '../pairs/duplicates.ts';
import { type SplitName, splitGroups, splitNames } from '../pairs/split.ts';
import { filesBelow } from '../pairs/survey/list.ts';
import type { ImageLook } from '../pairs/survey/look.ts';
import { surveyImages } from '../pairs/survey/survey.ts';
import { matchPictures } from './match.ts';
import { type ColumnChoice, columnAt, readTable, type Table, type Targets, targetsIn } from './targets.ts';

export interface PictureOptions extends ColumnChoice {
  /** Folder of the pictures. */
  readonly images: string;
  /** Table of the targets. */
  readonly targets: string;
  /** Share of the groups in `val`, and again in `test`. */
  readonly valFraction: number;
  /** Per cent of the pictures that may be unreadable. */
  readonly maxUnreadable: number;
  readonly seed: number;
  /** Folder for the survey of the pictures, so that it is made once; null: none. */
  readonly folder: string | null;
}

export interface Picture {
  /** Path below the folder. */
  readonly file: string;
  /** Pictures of one group are in one split. */
  readonly group: string;
  readonly split: SplitName;
  /** A value an output. */
  readonly values: readonly number[];
}

export interface PictureSet extends Omit<Targets, 'values'> {
  readonly options: PictureOptions;
  /** Names of the columns that are not used. */
  readonly unused: readonly string[];
  readonly pictures: readonly Picture[];
  readonly counts: PictureCounts;
  /** Path and reason of each picture that cannot be read. */
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
  /** Of the table's bytes, and of the names and bytes of all pictures. */
  readonly targetsSha256: string;
  readonly imagesSha256: string;
}

export interface PictureCounts extends Readonly<Record<SplitName, number>> {
  readonly rowsWithoutPicture: number;
  readonly picturesWithoutRow: number;
  readonly unreadable: number;
  readonly groups: number;
}

/** @throws InputError for files that cannot be read, rows that are wrong, too many unreadable pictures, an empty split */
export async function readPictureSet(options: PictureOptions): Promise<PictureSet> {
  const { images, targets, patient } = options;
  await checkFolder(images, '--images');
  const table = await readTable(targets);
  const match = matchPictures(table, (await filesBelow(images)).sort(), images, options.file);
  const patientAt = patient === undefined ? null : columnAt(table, patient, '--patient');
  const places = match.rows.map(({ row }) => row);
  const used = [match.column, ...(patientAt === null ? [] : [patientAt])];
  const all = targetsIn(table, options, used, places); // before the pictures are read, which takes longer
  const patients = places.map((row) => patientIn(table, row, patientAt));
  const files = match.rows.map(({ file }) => file);
  const looks = await looksAt(options, files);
  const unreadable = looks.flatMap(({ path, fault }) =>
    fault === null ? [] : [{ file: path, reason: fault }],
  );
  checkUnreadable(options, unreadable, looks.length);
  const { pictures, groups } = splitPictures(options, looks, patients, all.values);
  const { rowsWithoutPicture, picturesWithoutRow } = match;
  const lost = { rowsWithoutPicture, picturesWithoutRow, unreadable: unreadable.length };
  const counts = { ...countsOf(pictures), ...lost, groups };
  checkSplits(options, counts);
  const { outputs, columns } = all;
  const taken = [...columns, ...used.map((place) => table.header[place]!)];
  const unused = table.header.filter((name) => !taken.includes(name));
  const hashes = { targetsSha256: table.sha256, imagesSha256: hashOf(looks) };
  return { options, outputs, columns, unused, pictures, counts, unreadable, ...hashes };
}

/** The readable pictures with their splits: no patient and no copy in two. @returns also the number of groups */
function splitPictures(
  { valFraction, seed }: PictureOptions,
  looks: readonly ImageLook[],
  patients: readonly string[],
  values: readonly Picture['values'][],
): { pictures: Picture[]; groups: number } {
  const readable = [...looks.keys()].filter((i) => looks[i]!.fault === null);
  const groups = groupsOf(readable.map((i) => ({ look: looks[i]!, patient: patients[i]! })));
  const splits = splitGroups(groups, valFraction, seed);
  const pictures = readable.map((i, k): Picture => {
    const group = groups[k]!;
    return { file: looks[i]!.path, group, split: splits.get(group)!, values: values[i]! };
  });
  return { pictures, groups: splits.size };
}

function patientIn({ path, rows }: Table, row: number, place: number | null): string {
  if (place === null) return '';
  const patient = rows[row]![place]!;
  if (patient !== '') return patient;
  throw new InputError(`${path}: row ${row + 2} has no patient; fill it in, or remove the row`);
}

async function looksAt({ images, folder }: PictureOptions, files: readonly string[]): Promise<ImageLook[]> {
  const listed = files.map((path) => ({ path, set: 'files' as const }));
  const looks: ImageLook[] = [];
  for await (const look of surveyImages({ data: images, images: listed, copies: 'pixels', folder }))
    looks.push(look);
  return looks;
}

const shown = 10;

/** @throws InputError for more unreadable pictures than --max-unreadable allows */
function checkUnreadable(
  { images, maxUnreadable }: PictureOptions,
  unreadable: PictureSet['unreadable'],
  total: number,
): void {
  if (100 * unreadable.length <= maxUnreadable * total) return;
  const listed = unreadable.slice(0, shown).map(({ reason }) => reason);
  const more = unreadable.length > shown ? `; and ${unreadable.length - shown} more` : '';
  throw new InputError(
    `${images}: ${unreadable.length} of ${total} pictures cannot be read, more than ${maxUnreadable} %: ${listed.join('; ')}${more}; ` +
      'replace them, remove their rows, or raise --max-unreadable',
  );
}

/** The patient of the table, else of a DICOM file, else the picture alone. */
function groupsOf(items: readonly { readonly look: ImageLook; readonly patient: string }[]): string[] {
  const groups = new Groups();
  for (const { look, patient } of items) {
    const who = patient || look.patient;
    const first = who ? `patient:${who}` : `file:${look.path}`;
    groups.add([first, `bytes:${look.fileHash}`, `pixels:${look.pixelHash}`]);
  }
  return items.map((_, i) => groups.nameOf(i));
}

function countsOf(pictures: readonly Picture[]): Readonly<Record<SplitName, number>> {
  const count = (split: SplitName): number => pictures.filter((picture) => picture.split === split).length;
  return { train: count('train'), val: count('val'), test: count('test') };
}

function checkSplits({ targets, valFraction }: PictureOptions, counts: PictureCounts): void {
  for (const split of splitNames) {
    if (counts[split] >= 2) continue;
    throw new InputError(
      `${targets}: expected at least 2 pictures in split ${split}, got ${counts[split]} ` +
        `(${counts.groups} groups, ${valFraction} of them in val and in test); give another --val-fraction, or more pictures`,
    );
  }
}

function hashOf(looks: readonly ImageLook[]): string {
  const hash = createHash('sha256');
  for (const { path, fileHash } of [...looks].sort((a, b) => (a.path < b.path ? -1 : 1)))
    hash.update(`${path}\n${fileHash}\n`);
  return hash.digest('hex');
}
