/**
 * The report: one HTML file that opens from disk without a network. Tables and pictures stand in the page
 * itself; Plotly, inlined once at its end, draws the figures when they come into view.
 */
import type { Figure } from './figure.ts';
import { type Finding, findingsOf } from './findings.ts';
import { headSpans } from './heads.ts';
import { figureSection, galleryItem, html, tableSection } from './html-parts.ts';
import { methodLabel } from './labels.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import type { Picture } from './pictures.ts';
import { plotlySource, toPlotly } from './plotly.ts';
import { citationOf, paperTitle } from './published.ts';
import type { ReproductionResults } from './results.ts';
import type { Table } from './tables.ts';

/** Nothing may be loaded from outside the file. (eval: test browsers poll with it.) */
const policy =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

const sections: [id: string, title: string][] = [
  ['summary', 'Summary'],
  ['images', 'Images'],
  ['tables', 'Tables 1 to 7'],
  ['fig2', 'Correlation plots'],
  ['histograms', 'Histograms'],
  ['training', 'Training'],
  ['timing', 'Timing'],
  ['environment', 'Environment'],
];

/**
 * The whole page.
 * @param pictures of src/report/pictures.ts; an image without one is listed without thumbnails
 * @returns UTF-8 HTML, about 6 MB, the same for the same arguments
 */
export async function renderReport(
  results: ReproductionResults,
  tables: readonly Table[],
  figures: readonly Figure[],
  pictures: readonly Picture[],
): Promise<string> {
  const gallery = await Promise.all(
    results.images.map((image) =>
      galleryItem(
        image,
        pictures.find((p) => p.image === image.id),
      ),
    ),
  );
  const chosen = (test: (id: string) => boolean): string =>
    figures
      .filter((figure) => test(figure.id))
      .map(figureSection)
      .join('\n') || '<p>Nothing to show.</p>';
  const contents: Record<string, string> = {
    summary: summary(results, findingsOf(results, tables)),
    images: imagesSection(gallery, pictures),
    tables:
      tables.map((table) => tableSection(table, headSpans(table.layout.lines))).join('\n') +
      citations(tables),
    fig2: chosen((id) => id.startsWith('fig2-')),
    histograms: chosen((id) => id.startsWith('histogram-')),
    training: chosen((id) => id === 'training'),
    timing: chosen((id) => id === 'timing' || id === 'time-pixels'),
    environment: environment(results),
  };
  const body = sections.map(
    ([id, title]) => `<section id="${id}">\n<h2>${title}</h2>\n${contents[id]}\n</section>`,
  );
  return page(results, body.join('\n'), figures, await plotlySource());
}

function page(
  results: ReproductionResults,
  body: string,
  figures: readonly Figure[],
  plotly: string,
): string {
  const specs = Object.fromEntries(figures.map((figure) => [figure.id, toPlotly(figure)]));
  const links = sections.map(([id, title]) => `<li><a href="#${id}">${title}</a></li>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>medchaos: Tables 1 to 7, profile ${html(results.profile)}</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>Tables 1 to 7, reproduced</h1>
<p class="subtitle">${html(paperTitle)}: the published numbers beside ours, and what an ideal cipher would give.</p>
<nav aria-label="Contents"><ul>${links}</ul></nav>
<noscript><p class="label">Figures need JavaScript; as SVG files they lie in the folder figures/.</p></noscript>
</header>
<main>
${body}
</main>
<footer><p>Made by medchaos from run.json and images/ of this folder; <code>medchaos report</code> makes it again.</p></footer>
<script type="application/json" id="figures">${embeddedJson(specs)}</script>
<script>${plotly}</script>
<script>${pageScript}</script>
</body>
</html>
`;
}

/** JSON that may stand in a script element. */
export const embeddedJson = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');

const verdictWords = { good: 'As due', bad: 'Defect', note: 'Note' } as const;

function summary(results: ReproductionResults, findings: readonly Finding[]): string {
  const { images, cells, training, profile, preset, channels, seed } = results;
  const methods = new Set(cells.map((cell) => cell.method)).size;
  const engines = [...new Set(training.map((run) => run.engine))].join(', ') || 'none';
  const label = training.some((run) => run.undertrained)
    ? '<p><span class="label">Undertrained networks</span></p>'
    : '';
  const facts: [string, string][] = [
    ['Ran', `${images.length} images, ${methods} methods, ${cells.length} pairs encrypted and decrypted`],
    ['Profile and preset', `${profile}, ${preset}; channels ${channels}; seed ${seed}`],
    ['Networks', `${training.length} trained; engine ${engines}`],
  ];
  const list = findings.map(
    (f) =>
      `<li id="finding-${html(f.id)}"><span class="verdict ${f.verdict}">${verdictWords[f.verdict]}</span>${html(f.text)}</li>`,
  );
  return `${label}${definitions(facts)}<ul class="findings">${list.join('\n')}</ul>`;
}

const definitions = (facts: readonly [string, string][]): string =>
  `<dl>${facts.map(([term, told]) => `<dt>${html(term)}</dt><dd>${html(told)}</dd>`).join('')}</dl>`;

function imagesSection(gallery: readonly string[], pictures: readonly Picture[]): string {
  const methods = [...new Set(pictures.map((p) => methodLabel(p.method)))].join(', ');
  const note = methods
    ? `Thumbnails by ${methods}; cipher thumbnails take every k-th pixel, since averaging would turn noise grey.`
    : 'The run has no picture files.';
  return `<p class="caption">${html(note)}</p><div class="gallery">${gallery.join('\n')}</div>`;
}

/** The references that the tables quote. */
function citations(tables: readonly Table[]): string {
  const ids = [...new Set(tables.flatMap((table) => table.rows.map((row) => row.method)))];
  const cited = ids
    .filter((id) => citationOf(id))
    .sort((a, b) => Number(a.slice(3)) - Number(b.slice(3)))
    .map((id) => `<dt>${methodLabel(id)}</dt><dd>${html(citationOf(id)!)}</dd>`);
  return `<h3>References quoted by the paper</h3><dl>${cited.join('')}</dl>`;
}

function environment({ environment: facts, command, training, timings }: ReproductionResults): string {
  const rows = Object.entries(facts).map(([key, value]): [string, string] => [key, String(value ?? 'none')]);
  const runs = training.map((run): [string, string] => [
    methodLabel(`${run.map}+${run.net}`),
    `run ${run.run}, engine ${run.engine}, ${run.imagesSeen} images, ${run.seconds.toFixed(1)} s${run.undertrained ? ', undertrained' : ''}`,
  ]);
  const repeats = timings[0]
    ? `<p class="caption">Table 2: medians of ${timings[0].repeats} repeats.</p>`
    : '';
  return `<pre><code>${html(command)}</code></pre>${definitions([...rows, ...runs])}${repeats}`;
}
