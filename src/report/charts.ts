/** Figures of a page without scripts: a panel is as wide as its column, the legend is text. */
import type { Figure, Series } from './figure.ts';
import { html } from './html-parts.ts';
import { panelSvg } from './svg.ts';

/** Columns for wide screens, one on a phone, where the text of a panel is drawn larger. */
export const chartStyle = `
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: .75rem 1.25rem; }
svg.panel .dots { stroke-width: 4; stroke-opacity: .65; }
.charts.three { grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
.charts.one { grid-template-columns: 1fr; }
svg.panel { width: 100%; height: auto; display: block; font-family: inherit; font-size: 13px; }
svg.panel text { fill: var(--ink); }
svg.panel .title { font-weight: 600; font-size: 14px; }
svg.panel .curve:hover path { stroke-width: 4; stroke-opacity: 1; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: .4rem 0 .2rem; padding: 0; list-style: none; font-size: .875rem; }
.legend li { max-width: none; }
.legend span { display: inline-block; width: 1.4rem; margin-right: .4rem; vertical-align: .22em; border-top: 3px solid; }
.legend span.dashed { border-top-style: dashed; }
@media (max-width: 40rem) { svg.panel { font-size: 19px; } svg.panel .title { font-size: 20px; } }
`;

/** Entries of a legend; beyond these the panels' hover texts name the curves. */
const mostEntries = 24;

/** @returns HTML of all panels, legend and caption */
export function charts({ title, caption, alt, columns, panels, legend }: Figure): string {
  const drawn = panels.map((panel) => panelSvg(panel, `${title}: ${panel.title}. ${alt}`, columns));
  const named = new Map(panels.flatMap(({ series }) => series.map((each) => [each.name, each])));
  const entries = [...named.values()].slice(0, mostEntries).map(entry);
  return `<figure class="plot"><div class="charts ${['one', 'two', 'three'][Math.min(panels.length, columns) - 1]}">${drawn.join('\n')}</div>
${legend ? `<ul class="legend">${entries.join('')}</ul>` : ''}<figcaption>${html(caption)}</figcaption></figure>`;
}

const entry = ({ name, color, dashed }: Series): string =>
  `<li><span${dashed ? ' class="dashed"' : ''} style="border-color:${color}"></span>${html(name)}</li>`;
