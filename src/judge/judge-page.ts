/** judge.html: the verdict first, then how it was broken, with pictures; passes; not tested and why; properties and tables. */
import { join } from 'node:path';
import { blackBoxAttacks } from '../attacks/black-box/attacks.ts';
import type { Figure } from '../report/figure.ts';
import { html } from '../report/html-parts.ts';
import { renderPage } from '../report/page.ts';
import { readPicture, thumbnail } from '../report/pictures.ts';
import { toSvg } from '../report/svg.ts';
import { figuresOf } from './judge-figures.ts';
import { cellText, type JudgeTable, tablesOf } from './judge-tables.ts';
import { breakText, headline, propertyRows } from './judge-text.ts';
import type { Break, Judgement } from './judgement.ts';

/** @param out the folder with pictures/ @returns UTF-8 HTML that loads nothing */
export async function judgePage(
  judgement: Judgement & { readonly command: string },
  out: string,
): Promise<string> {
  const { cipher, command, brokenBy } = judgement;
  const breaks = await Promise.all(brokenBy.map((one) => breakSection(one, out)));
  const sections = [
    await strip(out, 'dependence-on-the-picture', ['plain', 'cipher']),
    breaks.length > 0 ? `<section><h2>Broken by</h2>\n${breaks.join('\n')}</section>` : '',
    ...listsOf(judgement),
    ...figuresOf(judgement).map(figureHtml),
    ...tablesOf(judgement)
      .filter(({ id }) => id !== 'attacks')
      .map(tableHtml),
  ];
  return renderPage({
    title: `judge: ${cipher}`,
    style,
    body: `${headerOf(judgement)}
<main>
${sections.join('\n')}
</main>
<footer><p>Made by <code>${html(command)}</code>. All numbers: <a href="judge.json">judge.json</a>. “Holds” means: nothing that ran broke it.</p></footer>`,
  });
}

function headerOf(judgement: Judgement): string {
  const { cipher, verdict, shape, queries, seconds, level, seed } = judgement;
  const size = shape ? `, attacked on pictures of ${shape.width}x${shape.height}x${shape.channels}` : '';
  return `<header>
<h1>${html(cipher)}</h1>
<p class="judged ${verdict}">${html(headline(judgement))}</p>
<p class="subtitle">${queries} queries in ${seconds.toFixed(0)} s, level ${level}, seed ${seed}${html(size)}.</p>
</header>`;
}

const listsOf = (judgement: Judgement): string[] => [
  list(
    'Passes',
    'An attack that got nothing. It shows nothing about attacks that were not tried.',
    judgement.withstood.map(({ attack, finding, queries }) => [attack, `${finding} (${queries} queries)`]),
  ),
  list(
    'Not tested',
    '',
    judgement.notRun.map(({ attack, why }) => [attack, why]),
  ),
  list('Properties', 'Each is named once, and none of them is a break by itself.', propertyRows(judgement)),
  list(
    'Remarks',
    '',
    judgement.remarks.map((remark) => ['note', remark]),
  ),
];

function figureHtml(figure: Figure): string {
  const data = Buffer.from(toSvg(figure)).toString('base64');
  const files = ['svg', 'png'].map((kind) => `<a href="figures/${figure.id}.${kind}">${kind}</a>`);
  return `<figure class="plot"><img class="wide" alt="${html(figure.alt)}" src="data:image/svg+xml;base64,${data}"><figcaption>${html(figure.caption)} Files: ${files.join(', ')}.</figcaption></figure>`;
}

async function breakSection(one: Break, out: string): Promise<string> {
  const idea = (blackBoxAttacks as Record<string, { idea: string }>)[one.attack]?.idea;
  return `<article id="attack-${html(one.attack)}"><h3>${html(one.attack.replaceAll('-', ' '))} <span class="cost">${html(breakText(one))}</span></h3>
<p>${html(one.finding)}.</p>${idea ? `\n<p class="subtitle">The attacker ${html(idea)}.</p>` : ''}
${await strip(
  out,
  one.attack,
  one.pictures.slice(0, 3).map((stem) => stem.slice(one.attack.length + 1)),
)}</article>`;
}

/** Pictures of a trial side by side; those that are not there are left out. */
async function strip(out: string, trial: string, names: readonly string[]): Promise<string> {
  const items: string[] = [];
  for (const name of names) {
    const raster = await readPicture(join(out, 'pictures', `${trial}-${name}.png`));
    if (!raster) continue;
    const uri = await thumbnail(raster, /cipher|xor|difference/.test(name));
    const words = html(name.replaceAll('-', ' '));
    items.push(
      `<figure><a href="pictures/${html(`${trial}-${name}`)}.png"><img src="${uri}" alt="${html(trial)}: ${words}"></a><figcaption>${words}</figcaption></figure>`,
    );
  }
  return items.length > 0 ? `<div class="strip">${items.join('')}</div>` : '';
}

function list(title: string, caption: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return '';
  const items = rows.map(([term, text]) => `<dt>${html(term)}</dt><dd>${html(text)}</dd>`);
  return `<section><h2>${title}</h2>${caption ? `\n<p class="caption">${caption}</p>` : ''}\n<dl>${items.join('')}</dl></section>`;
}

const shownRows = 60;

function tableHtml({ id, title, caption, columns, rows }: JudgeTable): string {
  const head = columns.map((column) => `<th scope="col">${html(column.replaceAll('_', ' '))}</th>`);
  const body = rows
    .slice(0, shownRows)
    .map(
      (row) =>
        `<tr>${row.map((value, at) => `<td>${html(cellText(value, columns[at]!))}</td>`).join('')}</tr>`,
    );
  const rest = rows.length > shownRows ? ` The first ${shownRows} of ${rows.length} rows.` : '';
  return `<section><h2>${html(title)}</h2>
<p class="caption">${html(caption)}${rest} Files: ${['csv', 'md', 'tex'].map((kind) => `<a href="tables/${id}.${kind}">${kind}</a>`).join(', ')}.</p>
<div class="scroll" role="region" aria-label="${html(title)}" tabindex="0"><table><thead><tr>${head.join('')}</tr></thead><tbody>
${body.join('\n')}
</tbody></table></div></section>`;
}

const style = `
.judged { font-size: 1.35rem; font-weight: 700; margin: .25rem 0; }
.judged.broken, .judged.inexact { color: var(--bad); }
.judged.holds { color: var(--good); }
.cost { font-weight: 400; color: var(--muted); font-size: .9rem; }
article { margin: 0 0 1.25rem; break-inside: avoid; }
article p { margin: .2rem 0; }
.strip { display: flex; gap: .8rem; flex-wrap: wrap; }
.strip figure { margin: .3rem 0; }
.strip img { width: 11rem; image-rendering: pixelated; background: var(--raised); display: block; }
img.wide { max-width: 100%; height: auto; background: #fff; }
`;
