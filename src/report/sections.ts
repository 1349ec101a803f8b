/** The report's sections in reading order: a new one is a file that exports a `Section`, and a line here. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runFile, runFiles } from '../runs/run-files.ts';
import { asStarted } from '../shared/started.ts';
import { type Finding, findingsOf } from '../tables/findings.ts';
import { imageLabel, labelsOf, methodLabel } from '../tables/labels.ts';
import { citationOf } from '../tables/published.ts';
import type { ImageRecord, ReproductionResults } from '../tables/results.ts';
import { dicomTable, type Table } from '../tables/tables.ts';
import { attackSection } from './attack-section.ts';
import { tallyOf } from './attack-tally.ts';
import { auditMap, peerMap } from './heat-map.ts';
import { definitions, figureSection, fold, galleryItem, html } from './html-parts.ts';
import type { ReportInput, Section } from './section.ts';
import { tableSection } from './table-html.ts';

export const sections: readonly Section[] = [
  { id: 'summary', title: 'Findings', render: summary },
  { id: 'tables', title: 'Tables 1 to 7', render: tables },
  { id: 'audit', title: 'Can the published rows be right?', render: audit },
  { id: 'attacks', title: 'Attacks', render: attacks },
  { id: 'images', title: 'Images', render: images },
  { id: 'drawings', title: 'Figures', render: figures },
  { id: 'environment', title: 'Environment and command', render: environment },
];

/** Folds of figures: anchor, title, ids of the figures. */
const figureFolds: readonly (readonly [id: string, title: string, ids: RegExp])[] = [
  ['fig2', 'Correlation plots (Fig. 2)', /^fig2-/],
  ['histograms', 'Histograms (Table 3)', /^histogram-/],
  ['training', 'Training', /^training$/],
  ['timing', 'Timing', /^time-|^timing$/],
];

function figures({ figures: all, results, folder }: ReportInput): string {
  const folds = figureFolds.map(([id, title, ids]) => {
    const own = all.filter((figure) => ids.test(figure.id));
    return own.length > 0
      ? fold(
          id,
          title,
          `<div class="plots">${own.map(figureSection).join('\n')}</div>${id === 'training' ? trainingLinks(results, folder) : ''}`,
        )
      : '';
  });
  return folds.filter(Boolean).join('\n') || '<p>Nothing to show.</p>';
}

/** The pages of the trainings, as far as the run has them. */
function trainingLinks({ training }: ReproductionResults, folder: string): string {
  const links = training.flatMap(({ map, net }) => {
    const page = `${map}-${net}.html`;
    if (!existsSync(join(runFile(folder, 'trainings'), page))) return [];
    return [`<a href="${runFiles.trainings}/${page}">${html(methodLabel(`${map}+${net}`))}</a>`];
  });
  return links.length > 0 ? `<p>The page of each training: ${links.join(', ')}.</p>` : '';
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
  const inner = `<p class="caption">${html(note)}</p><div class="gallery">${gallery.join('\n')}</div>`;
  return fold('gallery', 'Plain, cipher, decrypted and attacked', inner, `${results.images.length} images`);
}

function tables({ tables: all, results }: ReportInput): string {
  const dicom = dicomTable(results);
  const beside = results.peers
    ? fold('sources', "Ciphers measured beside the paper's", sources(results))
    : '';
  return [
    '<p class="caption">A cell has our number, below it the paper’s and z: the distance from an ideal cipher in standard deviations. † marks |z| > 3, ≠ a published number that does not agree with ours. Point at a cell for all digits; its number is a link to it. A click on a column’s head sorts.</p>',
    ...all.map(tableSection),
    ...(dicom ? [tableSection(dicom).replace('id="part-dicom"', 'id="dicom-image"')] : []),
    fold('references', 'References quoted by the paper', citations(all)),
    beside,
  ].join('\n');
}

function audit(): string {
  return fold('audit-fold', 'Tests of the published Table 5', auditMap());
}

/** The references that the tables quote. */
function citations(tables: readonly Table[]): string {
  const ids = [...new Set(tables.flatMap((table) => table.rows.map((row) => row.method)))];
  const cited = ids
    .filter((id) => citationOf(id))
    .sort((a, b) => Number(a.slice(3)) - Number(b.slice(3)))
    .map((id): [string, string] => [methodLabel(id), citationOf(id)!]);
  return definitions(cited);
}

/** Where the ciphers that were measured beside the paper's come from. */
function sources({ peers }: ReproductionResults): string {
  const labelOf = labelsOf({ peers });
  return definitions(
    (peers?.ciphers ?? []).map(({ method, source }): [string, string] => [labelOf(method), source]),
  );
}

async function attacks({ attacks: run, folder, results, recovered }: ReportInput): Promise<string> {
  const searches = recovered.map(({ image, method, finding }): [string, string] => [
    `${imageLabel(image)}, ${methodLabel(method)}`,
    finding,
  ]);
  const peers = peerMap(results);
  const table = run.length
    ? fold('attack-table', 'Attacks on both schemes', await attackSection(run, join(folder, 'attacks')))
    : asStarted(
        '<p>Not run: <code>npm run attack -- all --scheme both --out RUN/attacks</code>, then <code>npm run report -- RUN</code>.</p>',
      );
  return [
    searches.length ? fold('searches', 'From one cipher picture alone', definitions(searches)) : '',
    table,
    peers ? fold('peers', 'Which cipher falls to which attack', peers) : '',
  ].join('\n');
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
  const inner = `<pre tabindex="0" aria-label="Command"><code>${html(command)}</code></pre>${definitions([...rows, ...runs])}${repeats}`;
  return fold('environment-fold', 'Machine, versions, training runs', inner);
}

const verdictWords = { strong: 'Break', bad: 'Defect', note: 'Note', good: 'OK' } as const;
const verdictOrder = Object.keys(verdictWords);

/** Findings, the strongest first, then what ran. */
function summary(input: ReportInput): string {
  const { results, tables: all } = input;
  const rank = ({ verdict }: Finding): number => verdictOrder.indexOf(verdict);
  const sorted = [...breaks(input), ...findingsOf(results, all)].sort((a, b) => rank(a) - rank(b));
  return `<ul class="findings">${sorted.map(item).join('\n')}</ul>
${fold('ran', 'What ran', definitions(facts(input)))}`;
}

/** What attackers got in this run. */
function breaks({ attacks: run, recovered }: ReportInput): Finding[] {
  const opened = recovered.filter(({ found }) => found !== null);
  const won = tallyOf(run, 'paper').brokenBy;
  const names = opened.map(({ method, finding }) => `${methodLabel(method)}: ${finding}`).join('; ');
  const list = won.map((name) => name.replaceAll('-', ' ')).join(', ');
  return [
    ...(opened.length > 0 ? [{ id: 'recovered', verdict: 'strong', text: `${names}.` } as const] : []),
    ...(won.length > 0
      ? [{ id: 'attacks', verdict: 'strong', text: `Attacks that open the paper scheme: ${list}.` } as const]
      : []),
  ];
}

/** Where the report has more on a finding. */
const more: readonly (readonly [RegExp, string])[] = [
  [/^published-/, 'audit-map'],
  [/^peers-/, 'peer-map'],
  [/^attacks$/, 'attack-table'],
];

function item({ id, verdict, text }: Finding): string {
  const anchor = more.find(([ids]) => ids.test(id))?.[1];
  const link = anchor ? ` <a href="#${anchor}">All of them</a>` : '';
  return `<li id="finding-${html(id)}" class="${verdict}"><span class="verdict ${verdict}">${verdictWords[verdict]}</span>${html(text)}${link}</li>`;
}

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
