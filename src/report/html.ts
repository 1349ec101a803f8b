/**
 * The report: one HTML file that opens from disk without a network. Tables and pictures stand in the page
 * itself; Plotly, inlined once at its end, draws the figures when they come into view.
 */

import { paperTitle } from '../tables/published.ts';
import { answers } from './answers.ts';
import { html } from './html-parts.ts';
import { renderPage } from './page.ts';
import { pageScript, tableScript } from './page-script.ts';
import { plotlySource, toPlotly } from './plotly.ts';
import { reportStyle } from './report-style.ts';
import type { ReportInput, Section } from './section.ts';
import { sections } from './sections.ts';

/** Nothing may be loaded from outside the file. (eval: test browsers poll with it.) */
const policy =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

/**
 * The whole page.
 * @returns UTF-8 HTML, about 3 MB, the same for the same arguments
 */
export async function renderReport(input: ReportInput): Promise<string> {
  const shown: Shown[] = [];
  for (const { id, title, render } of sections) {
    const inner = await render(input);
    if (inner) shown.push({ id, title, inner });
  }
  return page(input, await answers(input), shown, await plotlySource());
}

interface Shown extends Pick<Section, 'id' | 'title'> {
  readonly inner: string;
}

function page(
  { results, figures }: ReportInput,
  head: string,
  shown: readonly Shown[],
  plotly: string,
): string {
  const specs = Object.fromEntries(figures.map((figure) => [figure.id, toPlotly(figure)]));
  const body = shown.map(
    ({ id, title, inner }) => `<section id="${id}">\n<h2>${title}</h2>\n${inner}\n</section>`,
  );
  const links = shown.map(({ id, title }) => `<li><a href="#${id}">${title}</a></li>`).join('');
  return renderPage({
    title: `Tables 1 to 7, profile ${results.profile}`,
    body: `<a class="skip" href="#main">Skip to the results</a>
<header>
<h1>Tables 1 to 7, reproduced</h1>
<p class="subtitle">${html(paperTitle)}</p>
<noscript><p class="label">Figures, sorting and filters need JavaScript. The figures lie as SVG files in the folder figures/.</p></noscript>
</header>
<main id="main" tabindex="-1">
${head}
<nav aria-label="Contents"><ul>${links}</ul></nav>
${body.join('\n')}
</main>
<footer><p>Made by medchaos from run.json and images/ of this folder; <code>medchaos report</code> makes it again.</p></footer>
<script type="application/json" id="figures">${embeddedJson(specs)}</script>
<script>${tableScript}</script>
<script>${plotly}</script>
<script>${pageScript}</script>`,
    policy,
    style: reportStyle,
  });
}

/** JSON that may stand in a script element. */
export const embeddedJson = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
