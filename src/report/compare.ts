/**
 * Two reproductions side by side: the settings that differ, every number that differs, the pictures. One HTML
 * file without scripts that loads nothing.
 */
import { basename, join } from 'node:path';
import { type View, viewed } from '../data/dicom/view.ts';
import { imageLabel, methodLabel } from '../tables/labels.ts';
import { measureLabel } from '../tables/measures.ts';
import type { ReproductionResults } from '../tables/results.ts';
import type { TidyRow } from '../tables/rows.ts';
import { buildTables } from '../tables/tables.ts';
import { html } from './html-parts.ts';
import { renderPage } from './page.ts';
import { readPicture, thumbnail } from './pictures.ts';

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

/** Rows of the tables in which the two runs do not have the same number. */
export function differencesOf(a: ReproductionResults, b: ReproductionResults): Difference[] {
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
  const facts = { command, profile, preset, channels, seed, ...environment, 'measured beside': beside };
  const pictures = images.map((i) => [imageLabel(i.id), `${i.source}, ${i.width}×${i.height}, ${i.sha256}`]);
  const networks = training.map((t) => [
    methodLabel(`${t.map}+${t.net}`),
    `${t.engine}, ${t.imagesSeen} images`,
  ]);
  return Object.fromEntries(
    [...Object.entries(facts), ...pictures, ...networks].map(([name, value]) => [
      name,
      String(value ?? 'none'),
    ]),
  ) as Record<string, string>;
}

/** @returns UTF-8 HTML */
export async function renderComparison(a: ComparedRun, b: ComparedRun): Promise<string> {
  const settings = settingsThatDiffer(a.results, b.results);
  const differences = differencesOf(a.results, b.results);
  const far = differences.filter(({ inSd }) => inSd !== null && Math.abs(inSd) > 6).length;
  const names = [a, b].map(({ folder }) => html(basename(folder)));
  return renderPage({
    title: 'two runs compared',
    body: `<header><h1>Two runs compared</h1><p class="subtitle">A: ${names[0]}. B: ${names[1]}.</p></header>
<main>
<section id="summary"><h2>Summary</h2>
<p>${settings.length} settings and ${differences.length} numbers differ; ${far} numbers differ by more than 6 standard deviations of an ideal cipher.</p></section>
<section id="settings"><h2>Settings that differ</h2>${grid('Settings that differ', ['Setting', 'A', 'B'], settings, 'words')}</section>
<section id="numbers"><h2>Numbers that differ</h2>${grid('Numbers that differ', ['Table', 'Measure', 'Image', 'Method', 'A', 'B', 'B − A, sd'], differences.map(cellsOf))}</section>
<section id="images"><h2>Images, A beside B</h2><div class="gallery">${await gallery(a, b)}</div></section>
</main>`,
  });
}

const cellsOf = ({ table, measure, image, method, a, b, inSd }: Difference): string[] => [
  String(table),
  measureLabel(measure),
  imageLabel(image),
  methodLabel(method),
  a === null ? 'none' : String(a),
  b === null ? 'none' : String(b),
  inSd === null ? '' : inSd.toFixed(2),
];

/** @param look a class of src/report/page-style.ts */
function grid(
  name: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  look = '',
): string {
  if (rows.length === 0) return '<p>None.</p>';
  const lines = rows.map(
    ([first, ...rest]) =>
      `<tr><th scope="row">${html(first!)}</th>${rest.map((cell) => `<td>${html(cell)}</td>`).join('')}</tr>`,
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
