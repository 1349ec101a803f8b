/**
 * The page of a sweep: the best cell and its command, what each option does, mean and sd of all variants, the curves of
 * the cells over one another. One HTML file that loads nothing; a script of five lines copies commands.
 */
import { createHash } from 'node:crypto';
import { chartStyle, charts } from '../charts.ts';
import { colors, type Figure, type Series } from '../figure.ts';
import { definitions, html } from '../html-parts.ts';
import { renderPage } from '../page.ts';
import type { CurvePoint } from '../training-page.ts';
import { scaleColour, shareOf } from './colour.ts';
import { parallelSvg } from './parallel.ts';
import { type MeanSd, meanSd } from './statistics.ts';
import { type Strength, strengthsOf } from './strength.ts';
import { type CellRow, measureNames, type Ranked, rankingOf, type Variant, variantsOf } from './summary.ts';
import { meanSdText, pText, type SweepTables } from './tables.ts';

/** What the page needs beside the tables. */
export interface SweepPage extends SweepTables {
  /** Of cells that trained: their epochs, by the cell's id. */
  readonly curves: ReadonlyMap<string, readonly CurvePoint[]>;
  /** The command that does a cell again. */
  readonly commandOf: (row: CellRow) => string;
  /** Of successive halving: the option whose values are the budgets. */
  readonly budget: string | null;
}

type Better = 'higher' | 'lower';

interface Judged {
  readonly by: string;
  readonly better: Better;
  readonly ranked: readonly Ranked[];
}

/** @returns UTF-8 HTML */
export function renderSweepPage(page: SweepPage): string {
  const { name, question, command, rows, result, environment } = page;
  const variants = variantsOf(rows, page.axes);
  const judged = judgedOf(page, variants);
  const sections: [id: string, title: string, inner: string][] = [
    ['best', 'Best cell', bestOf(page, judged)],
    ['result', 'Result', result ? `<pre tabindex="0" aria-label="Result">${html(result)}</pre>` : ''],
    ['options', 'What the options do', optionsOf(page, judged[0])],
    ['parallel', 'All variants', parallelOf(page, judged[0])],
    ['curves', 'Curves of the cells', curvesOf(page, judged[0])],
    ...judged.map(({ by, better, ranked }): [string, string, string] => [
      `by-${by}`,
      `By ${by}, ${better} is better`,
      rankingTable(ranked, by),
    ]),
    ['means', 'Mean ± sd over seeds', meansTable(page, variants)],
    ['failed', 'Failed', failures(rows)],
    ['command', 'Command', `<pre tabindex="0" aria-label="Command"><code>${html(command)}</code></pre>`],
    [
      'environment',
      'Made on',
      definitions(Object.entries(environment).map(([key, value]) => [key, String(value ?? 'none')])),
    ],
  ];
  const shown = sections.filter(([, , inner]) => inner !== '');
  return renderPage({
    title: `sweep ${name}`,
    body: `<header><h1>${html(name)}</h1><p class="subtitle">${html(question)}</p>
<p id="outcome">${html(outcomeOf(page, judged[0]))}</p></header>
<main>
${shown.map(([id, title, inner]) => `<section id="${html(id)}"><h2>${html(title)}</h2>\n${inner}\n</section>`).join('\n')}
</main>
<footer><p>Made by medchaos from the cells of this folder; <code>medchaos report</code> makes it again.</p></footer>
<script>${copyScript}</script>`,
    style: `${chartStyle}${sweepStyle}`,
    policy,
  });
}

const sweepStyle = `
table.matrix td { text-align: center; }
svg.parallel { min-width: 44rem; }
svg.parallel text { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; }
.command { position: relative; }
.command pre { user-select: all; white-space: pre-wrap; overflow-wrap: anywhere; padding-right: 5rem; }
.command button { position: absolute; right: .5rem; top: .5rem; font: inherit; font-size: .8rem; }
`;

/** A button beside each command, where the browser lets a page copy. */
const copyScript = `
if (navigator.clipboard) document.querySelectorAll('.command').forEach(function (box) {
  var button = box.appendChild(document.createElement('button'));
  button.textContent = 'Copy';
  button.onclick = function () { navigator.clipboard.writeText(box.querySelector('code').textContent)
    .then(function () { button.textContent = 'Copied'; }); };
});`;
const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${createHash('sha256').update(copyScript).digest('base64')}'`;

/** By each measure that the sweep ranks and that a cell has. */
const judgedOf = ({ rank }: SweepPage, variants: readonly Variant[]): Judged[] =>
  rank
    .map(({ by, better }) => ({ by, better, ranked: rankingOf(variants, by, better) }))
    .filter(({ ranked }) => ranked.length > 0);

function outcomeOf({ rows }: SweepPage, judged: Judged | undefined): string {
  const of = (state: CellRow['state']): number => rows.filter((row) => row.state === state).length;
  const counts = [
    `${of('done')} of ${rows.length} cells done`,
    ...(of('failed') > 0 ? [`${of('failed')} failed`] : []),
    ...(of('open') > 0 ? [`${of('open')} not run yet`] : []),
  ].join(', ');
  const best = judged?.ranked[0];
  return best
    ? `${counts}. Best by ${judged.by}: ${best.variant.label} (${meanSdText(best.value)}).`
    : `${counts}.`;
}

/** A cell of the best variant: the first of its seeds. */
const cellOf = ({ variant }: Ranked): CellRow => [...variant.cells.values()][0]!;

function bestOf(page: SweepPage, judged: readonly Judged[]): string {
  const groups = new Map<string, Judged[]>();
  for (const each of judged) {
    const id = cellOf(each.ranked[0]!).id;
    groups.set(id, [...(groups.get(id) ?? []), each]);
  }
  return [...groups.values()].map((group) => bestCell(page, group)).join('\n');
}

function bestCell(page: SweepPage, group: readonly Judged[]): string {
  const first = group[0]!.ranked[0]!;
  const cell = cellOf(first);
  const values = group.map(({ by, ranked }) => `${by} ${meanSdText(ranked[0]!.value)}`).join(', ');
  const seeds = first.value.n === 1 ? 'one seed' : `mean ± sd of ${first.value.n} seeds`;
  return `<p>Best by ${html(group.map(({ by }) => by).join(', '))}: <strong>${html(first.variant.label)}</strong>; ${html(values)} (${seeds}). Cell <code>${html(cell.id)}</code>:</p>
<div class="command"><pre tabindex="0" aria-label="Command of the best cell"><code>${html(page.commandOf(cell))}</code></pre></div>`;
}

/** Finished cells with the measure; of a search by halving those of its first rung, which has all variants. */
function comparable({ rows, budget }: SweepPage, by: string): CellRow[] {
  const done = rows.filter(({ measures }) => typeof measures[by] === 'number');
  if (budget === null) return done;
  const least = Math.min(...done.map(({ config }) => Number(config[budget])));
  return done.filter(({ config }) => Number(config[budget]) === least);
}

const withoutBudget = ({ axes, budget }: SweepPage): string[] => axes.filter((axis) => axis !== budget);

function optionsOf(page: SweepPage, judged: Judged | undefined): string {
  if (!judged) return '';
  const { by, better } = judged;
  const rows = comparable(page, by);
  const strengths = strengthsOf(rows, withoutBudget(page), by);
  if (rows.length < 2 || strengths.length === 0) return '';
  const shares = strengths.map(({ axis, share }) => `${axis} ${(100 * share).toFixed(0)} %`).join(', ');
  const first =
    page.budget === null
      ? ''
      : ` Only cells with the least ${page.budget} are counted: every variant has one.`;
  const [a, b] = strengths;
  return `<p>Share of the variance of ${html(by)} that an option explains by itself: ${html(shares)}.${html(first)}</p>
${b ? matrix(rows, [a!, b], by, better) : effect(rows, a!, by, better)}`;
}

const place = (rows: readonly CellRow[], by: string): MeanSd =>
  meanSd(rows.map(({ measures }) => measures[by]!));

/** Means of the two strongest options, one across, one down; the others and the seeds are averaged over. */
function matrix(
  rows: readonly CellRow[],
  [across, down]: readonly [Strength, Strength],
  by: string,
  better: Better,
): string {
  const table = down.groups.map((row) =>
    across.groups.map((column) =>
      place(
        rows.filter(({ config }) => row.holds(config[down.axis]!) && column.holds(config[across.axis]!)),
        by,
      ),
    ),
  );
  const means = table.flat().flatMap(({ mean }) => (mean === null ? [] : [mean]));
  const share = shareOf(means, better);
  const lines = table.map(
    (cells, k) =>
      `<tr><th scope="row">${html(down.groups[k]!.label)}</th>${cells.map((cell) => matrixCell(cell, share)).join('')}</tr>`,
  );
  const heads = across.groups.map(({ label }) => `<th scope="col">${html(label)}</th>`).join('');
  return scrolled(
    `${by} by ${across.axis} and ${down.axis}`,
    `<table class="matrix"><caption class="unseen">${html(`Mean ${by} by ${across.axis} and ${down.axis}`)}</caption>
<thead><tr><th scope="col" class="head">${html(`${down.axis} \\ ${across.axis}`)}</th>${heads}</tr></thead><tbody>${lines.join('\n')}</tbody></table>`,
  );
}

function matrixCell(value: MeanSd, share: (mean: number) => number): string {
  if (value.mean === null) return '<td></td>';
  const { ground, ink } = scaleColour(share(value.mean));
  return `<td style="background:${ground};color:${ink}" title="${value.n} cells">${html(meanSdText(value))}</td>`;
}

/** Of one option alone: a row a value. */
function effect(rows: readonly CellRow[], { axis, groups }: Strength, by: string, better: Better): string {
  const values = groups.map(({ holds }) =>
    place(
      rows.filter(({ config }) => holds(config[axis]!)),
      by,
    ),
  );
  const share = shareOf(
    values.flatMap(({ mean }) => mean ?? []),
    better,
  );
  const lines = groups.map(
    ({ label }, k) => `<tr><th scope="row">${html(label)}</th>${matrixCell(values[k]!, share)}</tr>`,
  );
  return scrolled(
    `${by} by ${axis}`,
    `<table class="matrix"><thead><tr><th scope="col" class="head">${html(axis)}</th><th scope="col">${html(by)}</th></tr></thead><tbody>${lines.join('\n')}</tbody></table>`,
  );
}

const scrolled = (label: string, inner: string): string =>
  `<div class="scroll" role="region" aria-label="${html(label)}" tabindex="0">${inner}</div>`;

function parallelOf(page: SweepPage, judged: Judged | undefined): string {
  if (!judged || judged.ranked.length < 2 || page.axes.length < 2) return '';
  const variants = judged.ranked.map(({ variant }) => variant);
  return `${scrolled('Parallel coordinates', parallelSvg(variants, page.axes, judged.by, judged.better))}
<p class="caption">A line a variant, from purple (poor) to yellow (good) by ${html(judged.by)}; the best is thick. Hover names a line.</p>`;
}

/** Curves beyond these hide one another. */
const mostCurves = 200;

function curvesOf({ curves, rows, axes }: SweepPage, judged: Judged | undefined): string {
  const ranked = judged?.ranked.flatMap(({ variant }) => [...variant.cells.values()]) ?? [];
  const order = [...new Set([...ranked, ...rows])].filter(({ id }) => (curves.get(id)?.length ?? 0) > 0);
  if (order.length === 0) return '';
  const drawn = order.slice(0, mostCurves);
  const values = drawn.flatMap(({ measures }) => measures[judged?.by ?? ''] ?? []);
  const share = shareOf(values, judged?.better ?? 'higher');
  const series = (of: (point: CurvePoint) => number): Series[] =>
    drawn.map((row, i): Series => {
      const points = curves.get(row.id)!;
      const value = row.measures[judged?.by ?? ''];
      const note = [...axes.map((axis) => `${axis} ${row.config[axis]}`), `seed ${row.seed}`].join(', ');
      const color =
        i === 0
          ? colors.vermilion
          : typeof value === 'number'
            ? scaleColour(share(value)).ground
            : colors.grey;
      const x = points.map(({ imagesSeen }) => imagesSeen);
      const kind = points.length > 1 ? 'lines' : 'points';
      return { kind, name: row.id, note, x, y: points.map(of), color, symbol: 'circle' };
    });
  const figure = curvesFigure(series, drawn.length, order.length);
  return charts(figure);
}

function curvesFigure(
  series: (of: (point: CurvePoint) => number) => Series[],
  drawn: number,
  total: number,
): Figure {
  const x = { title: 'images seen' };
  const which = drawn < total ? `The best ${drawn} of ${total} cells. ` : '';
  const unexplained = ({ valR2 }: CurvePoint): number =>
    Math.max(1e-6, 1 - valR2.reduce((sum, value) => sum + value, 0) / valR2.length);
  return {
    id: 'curves',
    title: 'Curves of the cells',
    caption: `${which}The best cell is red; the others go from purple (poor) to yellow (good). Hover names a curve.`,
    alt: `${drawn} curves.`,
    columns: 2,
    legend: false,
    // The best is drawn last, on top.
    panels: [
      {
        title: 'Validation loss',
        x,
        y: { title: 'loss', log: true },
        series: series(({ valLoss }) => valLoss).reverse(),
      },
      {
        title: 'Unexplained on validation data',
        x,
        y: { title: '1 - mean R2', log: true },
        series: series(unexplained).reverse(),
      },
    ],
  };
}

/** Rows of a table in the page; the CSV files have all. */
const mostRows = 20;

function rankingTable(ranked: readonly Ranked[], by: string): string {
  if (ranked.length < 2) return '';
  const heads = ['rank', 'variant', 'seeds', by, 'minus the first', 'p', 'p (Holm)'];
  const body = ranked
    .slice(0, mostRows)
    .map(({ variant, value, difference, p, pHolm }, i) => [
      ...[String(i + 1), variant.label, String(value.n), meanSdText(value)],
      ...[difference === null ? '' : String(Number(difference.toPrecision(3))), pText(p), pText(pHolm)],
    ]);
  const rest =
    ranked.length > mostRows ? ` The first ${mostRows} of ${ranked.length}; variants.csv has all.` : '';
  return `${grid(`By ${by}`, heads, body, 2)}<p class="caption">p: two-sided paired t test against the first over the seeds of both; Holm corrects for their number.${rest}</p>`;
}

function meansTable({ axes, rows }: SweepPage, variants: readonly Variant[]): string {
  const names = measureNames(rows);
  if (names.length === 0) return '<p>No cell is done.</p>';
  const body = variants
    .slice(0, mostRows)
    .map(({ axes: values, measures }) => [
      ...values.map((value) => String(value ?? 'none')),
      ...names.map((name) => meanSdText(measures[name]!)),
    ]);
  const rest =
    variants.length > mostRows
      ? `<p class="caption">The first ${mostRows} of ${variants.length}; variants.csv has all.</p>`
      : '';
  return grid('Mean ± sd over seeds', [...axes, ...names], body, axes.length) + rest;
}

/** @param texts columns of text, from the first */
const grid = (
  label: string,
  heads: readonly string[],
  body: readonly (readonly string[])[],
  texts: number,
): string =>
  scrolled(
    label,
    `<table><thead><tr>${heads.map((head, k) => `<th scope="col"${k < texts ? ' class="head"' : ''}>${html(head)}</th>`).join('')}</tr></thead>
<tbody>${body.map((cells) => `<tr>${cells.map((cell, k) => (k < texts ? `<th scope="row">${html(cell)}</th>` : `<td>${html(cell)}</td>`)).join('')}</tr>`).join('\n')}</tbody></table>`,
  );

function failures(rows: readonly CellRow[]): string {
  const failed = rows.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return '';
  const shown = failed
    .slice(0, mostRows)
    .map(({ id, reason }) => `<li><code>${html(id)}</code>: ${html(reason ?? '')}</li>`);
  const rest =
    failed.length > mostRows ? `<p>The first ${mostRows} of ${failed.length}; cells.csv has all.</p>` : '';
  return `<ul>${shown.join('\n')}</ul>${rest}`;
}
