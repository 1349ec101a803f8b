/**
 * Two reproductions side by side: the numbers that differ, the largest difference first, the settings, the pictures. One
 * HTML file without scripts that loads nothing.
 */
import { basename, join } from 'node:path';
import { type View, viewed } from '../data/dicom/view.ts';
import { imageLabel, type LabelOf, labelsOf, methodLabel } from '../tables/labels.ts';
import { measureLabel } from '../tables/measures.ts';
import type { ReproductionResults } from '../tables/results.ts';
import type { TidyRow } from '../tables/rows.ts';
import { buildTables } from '../tables/tables.ts';
import { fourDigits } from './compact.ts';
import { fold, html } from './html-parts.ts';
import { renderPage } from './page.ts';
import { readPicture, thumbnail } from './pictures.ts';
import { reportStyle } from './report-style.ts';

export interface ComparedRun {
  readonly folder: string;
  readonly results: ReproductionResults;
}

export interface Difference {
  readonly table: number;
  readonly measure: string;
  readonly image: string;
  readonly method: string;
  readonly a: number | null;
  readonly b: number | null;
  /** (b − a) in standard deviations of an ideal cipher of A's picture; null where there is none. */
  readonly inSd: number | null;
}

/** Rows of the tables in which the two runs do not have the same number, the largest difference first. */
export const differencesOf = (a: ReproductionResults, b: ReproductionResults): Difference[] =>
  unequalRows(a, b).sort((one, other) => weight(other) - weight(one) || change(other) - change(one));

/** A number that only one run has comes first, then statistics by standard deviations, then times and the like. */
function weight({ a, b, inSd }: Difference): number {
  if (a === null || b === null) return Number.POSITIVE_INFINITY;
  return inSd === null ? 0 : Math.abs(inSd);
}

/** Relative change, 0 to 1. */
const change = ({ a, b }: Difference): number =>
  a === null || b === null ? 1 : Math.abs(b - a) / Math.max(Math.abs(a), Math.abs(b));

function unequalRows(a: ReproductionResults, b: ReproductionResults): Difference[] {
  const keyOf = (row: TidyRow): string => [row.measure, row.image, row.method].join('|');
  const [left, right] = [buildTables(a), buildTables(b)];
  return left.flatMap(({ rows }, at) => {
    const table = at + 1;
    const others = new Map(right[at]!.rows.map((row) => [keyOf(row), row]));
    return rows.flatMap((row): Difference[] => {
      const { measure, image, method, ours, sd } = row;
      if (!others.has(keyOf(row))) return []; // a peer that B did not measure: the settings name it
      const other = others.get(keyOf(row))?.ours ?? null;
      if (Object.is(ours, other)) return [];
      const known = ours !== null && other !== null && sd;
      return [{ table, measure, image, method, a: ours, b: other, inSd: known ? (other - ours) / sd : null }];
    });
  });
}

/** Name, value in A, value in B of each setting that differs; environment, pictures and networks with them. */
export function settingsThatDiffer(
  a: ReproductionResults,
  b: ReproductionResults,
): [string, string, string][] {
  const [left, right] = [settingsOf(a), settingsOf(b)];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .map((name): [string, string, string] => [name, left[name] ?? 'none', right[name] ?? 'none'])
    .filter(([, one, other]) => one !== other);
}

/** Names of settings as people read them; others stay as they are. */
const settingNames: Readonly<Record<string, string>> = {
  ...{ command: 'Command', profile: 'Profile', preset: 'Preset', channels: 'Channels', seed: 'Seed' },
  ...{ node: 'Node', platform: 'Platform', cpu: 'Processor', cores: 'Cores', memoryGiB: 'Memory, GiB' },
  ...{ engine: 'Engine', engineVersion: 'Version of the engine', engineWhy: 'Why this engine' },
  ...{ device: 'Device', gpu: 'Graphics card', commit: 'Commit', beside: 'Measured beside' },
};

function settingsOf({
  command,
  profile,
  preset,
  channels,
  seed,
  environment,
  images,
  training,
  peers,
}: ReproductionResults) {
  const beside = peers?.ciphers.map(({ name }) => name).join('; ');
  const facts = { command, profile, preset, channels, seed, ...environment, beside };
  const pictures = images.map((i) => [
    imageLabel(i.id),
    `${i.source}, ${i.width}×${i.height}, SHA-256 ${i.sha256.slice(0, 12)}…`,
  ]);
  const networks = training.map((t) => [
    methodLabel(`${t.map}+${t.net}`),
    `${t.engine}, ${t.imagesSeen} images`,
  ]);
  return Object.fromEntries(
    [...Object.entries(facts), ...pictures, ...networks].map(([name, value]) => [
      settingNames[name] ?? name,
      String(value ?? 'none'),
    ]),
  ) as Record<string, string>;
}

/** Rows that stand open; the others are folded. */
const rowsShown = 60;
const heads = ['Measure', 'Image', 'Method', 'A', 'B', 'B − A', 'Table'];

/** @returns UTF-8 HTML */
export async function renderComparison(a: ComparedRun, b: ComparedRun): Promise<string> {
  const settings = settingsThatDiffer(a.results, b.results);
  const differences = differencesOf(a.results, b.results);
  const rows = differences.map((one) => cellsOf(one, labelsOf(a.results)));
  const names = [a, b].map(({ folder }) => html(basename(folder)));
  const rest = rows.slice(rowsShown);
  const more = rest.length
    ? fold('more', `${rest.length} smaller differences`, grid('Smaller differences', heads, rest))
    : '';
  return renderPage({
    title: 'two runs compared',
    style: reportStyle,
    body: `<header><h1>Two runs compared</h1><p class="subtitle">A: ${names[0]}. B: ${names[1]}.</p></header>
<main>
<section id="summary"><h2>Summary</h2>
${summary(settings.length, differences, rows[0])}</section>
<section id="numbers"><h2>Numbers that differ, the largest difference first</h2><p class="caption">Four digits; point at a number for all of them. sd: standard deviations of an ideal cipher.</p>${grid('Numbers that differ', heads, rows.slice(0, rowsShown))}${more}</section>
<section id="settings"><h2>Settings that differ</h2>${grid(
      'Settings that differ',
      ['Setting', 'A', 'B'],
      settings.map((row) => row.map((text) => ({ text }))),
      'words',
    )}</section>
<section id="images"><h2>Images, A beside B</h2><div class="gallery">${await gallery(a, b)}</div></section>
</main>`,
  });
}

function summary(settings: number, differences: readonly Difference[], first?: readonly Cell[]): string {
  const far = differences.filter(({ inSd }) => inSd !== null && Math.abs(inSd) > 6).length;
  const [measure, image, method, one, other, apart] = first?.map(({ text }) => html(text)) ?? [];
  const most = first
    ? `<p class="lead">Most: ${measure}, ${image}, ${method}: ${one} in A, ${other} in B${apart ? ` (${apart})` : ''}.</p>`
    : '<p class="lead">All numbers are the same.</p>';
  return `${most}
<p>${settings} settings and ${differences.length} numbers differ; ${far} numbers differ by more than 6 standard deviations of an ideal cipher.</p>`;
}

interface Cell {
  readonly text: string;
  /** All digits. */
  readonly tip?: string;
}

function cellsOf(one: Difference, labelOf: LabelOf): Cell[] {
  const { table, measure, image, method, a, b } = one;
  return [
    { text: measureLabel(measure) },
    { text: imageLabel(image) || '–' },
    { text: labelOf(method) || '–' },
    numberCell(a),
    numberCell(b),
    { text: apartText(one) },
    { text: String(table) },
  ];
}

const numberCell = (value: number | null): Cell =>
  value === null ? { text: 'none' } : { text: fourDigits(value), tip: String(value) };

/** `+3.21 sd`, `-12 %`; nothing where one run has no number. */
function apartText({ a, b, inSd }: Difference): string {
  if (inSd !== null) return `${inSd > 0 ? '+' : ''}${inSd.toFixed(2)} sd`;
  if (a === null || b === null || a === 0) return '';
  const percent = (100 * (b - a)) / Math.abs(a);
  return `${percent > 0 ? '+' : ''}${Number(percent.toPrecision(2))} %`;
}

/** @param look a class of src/report/page-style.ts */
function grid(
  name: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  look = 'grid',
): string {
  if (rows.length === 0) return '<p>None.</p>';
  const cell = ({ text, tip }: Cell): string => `<td${tip ? ` title="${html(tip)}"` : ''}>${html(text)}</td>`;
  const lines = rows.map(
    ([first, ...rest]) => `<tr><th scope="row">${html(first!.text)}</th>${rest.map(cell).join('')}</tr>`,
  );
  return `<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table class="${look}"><caption class="unseen">${name}</caption>
<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>${lines.join('\n')}</tbody></table></div>`;
}

/** The cipher image of each picture by the first method of A, from both runs. */
async function gallery(a: ComparedRun, b: ComparedRun): Promise<string> {
  const shown = await Promise.all(
    a.results.images.map(async ({ id, view }) => {
      const method = a.results.cells.find(({ image }) => image === id)?.method;
      const items = await Promise.all(
        (['plain', 'cipher'] as const).flatMap((kind) =>
          [a, b].map((run, at) =>
            picture(
              run,
              `${id}/${method}/${kind}.png`,
              `${'AB'[at]}, ${kind}`,
              kind === 'plain' ? view : undefined,
            ),
          ),
        ),
      );
      if (items.every((item) => item === '')) return '';
      return `<figure><div class="shown">${items.join('')}</div><figcaption>${imageLabel(id)}, ${methodLabel(method ?? '')}</figcaption></figure>`;
    }),
  );
  return shown.join('\n');
}

/** @param view through which it is shown */
async function picture({ folder }: ComparedRun, name: string, label: string, view?: View): Promise<string> {
  const raster = await readPicture(join(folder, 'images', name));
  if (!raster) return '';
  const uri = await thumbnail(view ? viewed(raster, view) : raster, name.endsWith('cipher.png'));
  return `<div><img src="${uri}" alt="${html(`${label}, ${name}`)}"><span>${label}</span></div>`;
}
