/** Figures as Plotly specs, and the Plotly script itself, minified, to be inlined once. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { seconds } from '../tables/format.ts';
import type { Axis, Figure, Panel, Series } from './figure.ts';

export interface PlotlySpec {
  readonly data: readonly object[];
  readonly layout: object;
}

const usualHeight = 300;
const [above, below, between] = [36, 52, 84]; // panel title, axis labels, both

/** Room for the legend and, under bars, for category names of two lines. */
function legendHeight({ panels, legend }: Figure): number {
  if (!legend) return 0;
  const names = new Set(panels.flatMap((panel) => panel.series.map((series) => series.name)));
  const letters = [...names].reduce((sum, name) => sum + name.length + 10, 0);
  return 24 + 20 * Math.ceil(letters / 110);
}

/** Height of a drawn figure in CSS pixels, reserved before it is drawn. */
export const figureHeight = (figure: Figure): number =>
  Math.ceil(figure.panels.length / figure.columns) * (figure.panelHeight ?? usualHeight) +
  legendHeight(figure);

const plotHeight = (figure: Figure): number => figureHeight(figure) - above - below - legendHeight(figure);

/** The spec without fonts and ground: the page sets those for light, dark and paper. */
export function toPlotly(figure: Figure): PlotlySpec {
  const named = new Set<string>();
  const data = figure.panels.flatMap((panel, at) => panel.series.map((series) => trace(series, at, named)));
  const axes = Object.assign({}, ...figure.panels.map((panel, at) => axesOf(panel, at, figure)));
  const layout = {
    ...axes,
    height: figureHeight(figure),
    barmode: 'stack',
    showlegend: figure.legend,
    legend: { orientation: 'h', y: -(below + 4) / plotHeight(figure), yanchor: 'top', x: 0 },
    margin: { l: 64, r: 16, t: above, b: below + legendHeight(figure) },
    annotations: figure.panels.map((panel, at) => titleOf(panel, at)),
  };
  return { data, layout };
}

const suffix = (at: number): string => (at === 0 ? '' : String(at + 1));

function trace(series: Series, at: number, named: Set<string>): object {
  const { name, color, kind } = series;
  const first = !named.has(name);
  named.add(name);
  if (kind === 'rows') return lying(series, at, first);
  const place = { xaxis: `x${suffix(at)}`, yaxis: `y${suffix(at)}`, legendgroup: name, showlegend: first };
  const x = series.x.map((v) => (typeof v === 'string' ? v.replace('\n', '<br>') : v));
  return {
    name,
    x,
    y: series.y,
    ...place,
    ...looks[kind](color, series.dashed ?? false, series.symbol ?? 'dot'),
  };
}

/** Bars that lie, each with its time at the end. */
function lying({ name, x, y, color }: Series, at: number, first: boolean): object {
  return {
    ...{ name, type: 'bar', orientation: 'h', x: y, y: x, marker: { color } },
    ...{ xaxis: `x${suffix(at)}`, yaxis: `y${suffix(at)}`, legendgroup: name, showlegend: first },
    ...{ text: y.map(seconds), textposition: 'outside', cliponaxis: false, hoverinfo: 'x+y' },
  };
}

type Look = (color: string, dashed: boolean, symbol: NonNullable<Series['symbol']>) => object;

const looks: Record<Exclude<Series['kind'], 'rows'>, Look> = {
  points: (color, _, symbol) => ({
    type: 'scatter',
    mode: 'markers',
    marker: symbol === 'dot' ? { color, size: 4, opacity: 0.7 } : { color, size: 9, symbol },
  }),
  lines: (color, dashed, symbol) => ({
    type: 'scatter',
    mode: 'lines+markers',
    line: { color, width: 2, dash: dashed ? 'dash' : 'solid' },
    marker: { color, size: 6, symbol: symbol === 'dot' ? 'circle' : symbol },
  }),
  area: (color) => ({
    type: 'scatter',
    mode: 'lines',
    fill: 'tozeroy',
    line: { color, width: 1, shape: 'hvh' },
  }),
  bars: (color) => ({ type: 'bar', marker: { color } }),
};

/** Panel `at` in a grid of `columns`: both axes with their share of the drawing. */
function axesOf({ x, y }: Panel, at: number, figure: Figure): object {
  const { columns, panels } = figure;
  const rows = Math.ceil(panels.length / columns);
  const [row, column] = [Math.floor(at / columns), at % columns];
  const names = isLying(figure);
  const [gapX, gapY] = [names ? 0.18 : 0.09, between / plotHeight(figure)];
  const wide = (1 - gapX * (columns - 1)) / columns;
  const tall = (1 - gapY * (rows - 1)) / rows;
  const left = column * (wide + gapX);
  const low = 1 - (row + 1) * tall - row * gapY;
  return {
    [`xaxis${suffix(at)}`]: { ...axis(x), domain: clip([left, left + wide]), anchor: `y${suffix(at)}` },
    [`yaxis${suffix(at)}`]: {
      ...(names ? nameAxis : axis(y)),
      domain: clip([low, low + tall]),
      anchor: `x${suffix(at)}`,
    },
  };
}

const isLying = ({ panels }: Figure): boolean => panels[0]?.series[0]?.kind === 'rows';

/** The first name on top, every name shown. */
const nameAxis = { autorange: 'reversed', dtick: 1, automargin: true, ticksuffix: ' ' };

const clip = (domain: number[]): number[] => domain.map((v) => Math.min(1, Math.max(0, v)));

const axis = ({ title, log, whole, range }: Axis): object => ({
  title: { text: title, standoff: 6 },
  ...(log ? { type: 'log', exponentformat: 'power' } : {}),
  ...(whole ? { dtick: 1 } : {}),
  ...(range ? { range: log ? range.map(Math.log10) : range } : {}),
  automargin: true,
  zeroline: false,
});

const titleOf = ({ title }: Panel, at: number): object => ({
  text: title,
  xref: `x${suffix(at)} domain`,
  yref: `y${suffix(at)} domain`,
  x: 0.5,
  y: 1,
  yanchor: 'bottom',
  showarrow: false,
});

const require = createRequire(import.meta.url);
let source: Promise<string> | undefined;

/**
 * The part of Plotly that draws points, lines and bars, minified: 1.1 of 4.8 MB. Safe inside a script element, with
 * its licence notice.
 */
export function plotlySource(): Promise<string> {
  source ??= minified();
  return source;
}

async function minified(): Promise<string> {
  const bundle = await readFile(require.resolve('plotly.js-dist/plotly.js'), 'utf8');
  const { transformSync } = await import('esbuild');
  const { code } = transformSync(partOf(bundle), {
    minify: true,
    treeShaking: true,
    format: 'iife',
    legalComments: 'none',
    target: 'es2020',
    charset: 'utf8',
  });
  const notice = /^\/\*\*[\s\S]*?\*\//.exec(bundle)?.[0] ?? '/* plotly.js, MIT licence */';
  return `${notice}\n${code.replaceAll(/<(?=\/script|!--|script)/gi, '\\x3c')}`;
}

const [opening, ending] = ['var Plotly = (() => {', 'return require_index();'];

/**
 * The bundle is one function of 1,192 modules that load on call. Its statements are moved to the top, all traces but
 * `bar` are taken off the list (`scatter` is in the core), and modules are marked as free of effects, so that esbuild
 * drops those that nobody calls. A bundle of another form stays whole.
 */
function partOf(bundle: string): string {
  const [from, to] = [bundle.indexOf(opening), bundle.lastIndexOf(ending)];
  if (from < 0 || to < from) return bundle;
  const modules = bundle
    .slice(from + opening.length, to)
    .replace(/Plotly\.register\(\[\s*\/\/ traces[\s\S]*?\]\);/, 'Plotly.register([require_bar2()]);')
    .replaceAll(/ = (__commonJS|__esm)\(/g, ' = /* @__PURE__ */ $1(')
    .replaceAll(
      / = \{\};\n {2}__export\(\w+, (\{[\s\S]*?\n {2}\})\);/g,
      ' = /* @__PURE__ */ __exported($1);',
    );
  return `${modules}\nfunction __exported(all) { const target = {}; __export(target, all); return target; }\nwindow.Plotly = require_index();`;
}
