/** The report's sections in reading order: a new one is a file that exports a `Section`, and a line here. */
import { join } from 'node:path';
import { type Finding, findingsOf } from '../tables/findings.ts';
import { methodLabel } from '../tables/labels.ts';
import { citationOf } from '../tables/published.ts';
import type { ImageRecord, ReproductionResults } from '../tables/results.ts';
import { dicomTable, type Table } from '../tables/tables.ts';
import { attackSection } from './attack-section.ts';
import type { Figure } from './figure.ts';
import { definitions, figureSection, galleryItem, html, tableSection } from './html-parts.ts';
import { outcomeOf } from './outcome.ts';
import type { ReportInput, Section } from './section.ts';

export const sections: readonly Section[] = [
  { id: 'summary', title: 'Summary', render: summary },
  { id: 'images', title: 'Images', render: images },
  { id: 'tables', title: 'Tables 1 to 7', render: tables },
  { id: 'dicom-image', title: 'DICOM', render: dicom },
  { id: 'attacks', title: 'Attacks', render: attacks },
  { id: 'fig2', title: 'Correlation plots', render: figuresWith((id) => id.startsWith('fig2-')) },
  { id: 'histograms', title: 'Histograms', render: figuresWith((id) => id.startsWith('histogram-')) },
  { id: 'training', title: 'Training', render: figuresWith((id) => id === 'training') },
  { id: 'timing', title: 'Timing', render: figuresWith((id) => /^time-|^timing$/.test(id)) },
  { id: 'environment', title: 'Environment and command', render: environment },
];

function figuresWith(chosen: (id: string) => boolean): Section['render'] {
  return ({ figures }) =>
    figures
      .filter((figure: Figure) => chosen(figure.id))
      .map(figureSection)
      .join('\n') || '<p>Nothing to show.</p>';
}

async function images({ results, pictures, attacks: run }: ReportInput): Promise<string> {
  const item = (image: ImageRecord): Promise<string> => {
    const picture = pictures.find((p) => p.image === image.id);
    const cell = results.cells.find((c) => c.image === image.id && c.method === picture?.method);
    return galleryItem(image, picture, {
      cell,
      attackShown: run.some(({ name }) => name === cell?.attacked?.attack),
    });
  };
  const gallery = await Promise.all(results.images.map(item));
  const methods = [...new Set(pictures.map((p) => methodLabel(p.method)))].join(', ');
  const note = methods
    ? `Thumbnails by ${methods}; cipher thumbnails take every k-th pixel, since averaging would turn noise grey.`
    : 'The run has no picture files.';
  return `<p class="caption">${html(note)}</p><div class="gallery">${gallery.join('\n')}</div>`;
}

function tables({ tables: all, results }: ReportInput): string {
  return `${all.map(tableSection).join('\n')}${citations(all)}${sources(results)}`;
}

function dicom({ results }: ReportInput): string {
  const table = dicomTable(results);
  return table ? tableSection(table) : '';
}

/** The references that the tables quote. */
function citations(tables: readonly Table[]): string {
  const ids = [...new Set(tables.flatMap((table) => table.rows.map((row) => row.method)))];
  const cited = ids
    .filter((id) => citationOf(id))
    .sort((a, b) => Number(a.slice(3)) - Number(b.slice(3)))
    .map((id): [string, string] => [methodLabel(id), citationOf(id)!]);
  return `<h3>References quoted by the paper</h3>${definitions(cited)}`;
}

/** Where the ciphers that were measured beside the paper's come from. */
function sources({ peers }: ReproductionResults): string {
  if (!peers) return '';
  const told = peers.ciphers.map(({ name, source }): [string, string] => [name, source]);
  return `<h3>Ciphers measured beside the paper's</h3>${definitions(told)}`;
}

async function attacks({ attacks: run, folder }: ReportInput): Promise<string> {
  if (run.length > 0) return attackSection(run, join(folder, 'attacks'));
  return '<p>Not run: <code>npm run attack -- all --scheme both --out RUN/attacks</code>, then <code>npm run report -- RUN</code>.</p>';
}

function environment({ results }: ReportInput): string {
  const { environment: facts, command, training, timings } = results;
  const rows = Object.entries(facts).map(([key, value]): [string, string] => [key, String(value ?? 'none')]);
  const runs = training.map((run): [string, string] => [
    methodLabel(`${run.map}+${run.net}`),
    `run ${run.run}, engine ${run.engine}, ${run.imagesSeen} images, ${run.seconds.toFixed(1)} s${run.undertrained ? ', undertrained' : ''}`,
  ]);
  const repeats = timings[0]
    ? `<p class="caption">Table 2: medians of ${timings[0].repeats} repeats.</p>`
    : '';
  return `<pre tabindex="0" aria-label="Command"><code>${html(command)}</code></pre>${definitions([...rows, ...runs])}${repeats}`;
}

/** The summary: the outcome in plain words first, then what ran, then every finding with its verdict. */

const verdictWords = { good: 'OK', bad: 'Defect', note: 'Note' } as const;

function summary(input: ReportInput): string {
  const { results, tables } = input;
  const outcome = outcomeOf(input).map(
    ({ id, head, text }) => `<li id="outcome-${id}"><strong>${html(head)}</strong> ${html(text)}</li>`,
  );
  const label = results.training.some((run) => run.undertrained)
    ? '<p><span class="label">Undertrained networks</span></p>'
    : '';
  return `${label}<ul class="outcome">${outcome.join('\n')}</ul>
<h3>What ran</h3>${definitions(facts(input))}
<h3>Findings</h3><ul class="findings">${findingsOf(results, tables).map(item).join('\n')}</ul>`;
}

const item = ({ id, verdict, text }: Finding): string =>
  `<li id="finding-${html(id)}"><span class="verdict ${verdict}">${verdictWords[verdict]}</span>${html(text)}</li>`;

function facts({ results, attacks }: ReportInput): [string, string][] {
  const { images, cells, training, profile, preset, channels, seed, peers } = results;
  const methods = new Set(cells.map((cell) => cell.method)).size;
  const engines = [...new Set(training.map((run) => run.engine))].join(', ') || 'none';
  const schemes = [...new Set(attacks.map(({ scheme }) => scheme))].join(' and ');
  return [
    ['Ran', `${images.length} images, ${methods} methods, ${cells.length} pairs encrypted and decrypted`],
    ['Profile and preset', `${profile}, ${preset}; channels ${channels}; seed ${seed}`],
    ['Networks', `${training.length} trained; engine ${engines}`],
    ['Measured beside', peers ? peers.ciphers.map(({ name }) => name).join('; ') : 'no other cipher'],
    ['Attacks', attacks.length ? `${attacks.length} run, scheme ${schemes}` : 'none run'],
  ];
}
