/** Figures as stand-alone SVG files: a plain drawing for papers and slides, without any script. */

import { seconds } from '../tables/format.ts';
import { type Axis, type Figure, type Panel, rowsOf, type Series } from './figure.ts';

const [panelWidth, panelHeight] = [330, 250];
const inner = { left: 62, top: 28, right: 14, bottom: 46 };
const [plotWidth, plotHeight] = [
  panelWidth - inner.left - inner.right,
  panelHeight - inner.top - inner.bottom,
];
const legendLine = 18;

/** The figure as one SVG document, black on white. */
export function toSvg(figure: Figure): string {
  const columns = Math.min(figure.columns, figure.panels.length);
  const tall = figure.panelHeight ?? panelHeight;
  const rows = Math.ceil(figure.panels.length / columns);
  const entries = figure.legend ? legendEntries(figure) : [];
  const width = columns * panelWidth;
  const height =
    rows * tall + 30 + Math.ceil(entries.length / columns) * legendLine + (entries.length ? 8 : 0);
  const panels = figure.panels.map((panel, at) => {
    const [x, y] = [(at % columns) * panelWidth, 30 + Math.floor(at / columns) * tall];
    return `<g transform="translate(${x},${y})">${drawPanel(panel, tall)}</g>`;
  });
  const legend = entries.map(([name, series], at) => {
    const x = 12 + (at % columns) * panelWidth;
    const y = rows * tall + 42 + Math.floor(at / columns) * legendLine;
    const dash = series.dashed ? ' stroke-dasharray="4 3"' : '';
    return `<path d="M${x} ${y - 4}h18" stroke="${series.color}" stroke-width="4"${dash}/>${text(x + 24, y, name)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11" role="img" aria-label="${xml(figure.alt)}">
<rect width="100%" height="100%" fill="#fff"/>
<text x="12" y="20" font-size="14" font-weight="bold">${xml(figure.title)}</text>
${panels.join('\n')}
${legend.join('\n')}
</svg>
`;
}

const legendEntries = ({ panels }: Figure): [string, Series][] => [
  ...new Map(panels.flatMap((panel) => panel.series.map((s): [string, Series] => [s.name, s]))),
];

function drawPanel(panel: Panel, tall: number): string {
  if (panel.series[0]?.kind === 'rows') return drawRows(panel, panelWidth, tall);
  const names = categories(panel);
  const x = names ? categoryScale(names) : scaleOf(panel.x, valuesOf(panel, 'x'), plotWidth, false);
  const y = scaleOf(panel.y, names ? [0, ...stackTops(panel)] : valuesOf(panel, 'y'), plotHeight, true);
  const marks = names ? bars(panel, x, y) : panel.series.map((series) => mark(series, x, y)).join('');
  return `<g transform="translate(${inner.left},${inner.top})">${axes(panel, x, y, names !== null)}${marks}</g>`;
}

const categories = ({ series }: Panel): string[] | null =>
  series[0]?.kind === 'bars' ? (series[0].x as string[]) : null;

const valuesOf = ({ series }: Panel, axis: 'x' | 'y'): number[] => {
  const values = series.flatMap((s) => s[axis] as number[]);
  return axis === 'y' && series.some((s) => s.kind === 'area') ? [0, ...values] : values;
};

const stackTops = ({ series }: Panel): number[] =>
  series[0]!.x.map((_, i) => series.reduce((sum, s) => sum + s.y[i]!, 0));

function categoryScale(names: string[]): Scale {
  const at = (i: number): number => ((i + 0.5) * plotWidth) / names.length;
  return { at, ticks: names.map((name, i) => [i, name] as const) };
}

function axes(panel: Panel, x: Scale, y: Scale, named: boolean): string {
  const frame = `<rect width="${plotWidth}" height="${plotHeight}" fill="none" stroke="#888"/>`;
  const below = x.ticks.map(([v, label]) => {
    const mark = `<path d="M${short(x.at(v))} ${plotHeight}v4" stroke="#888"/>`;
    const rows = label.split('\n');
    const size = named ? ' font-size="6.8"' : '';
    const words = rows.map((row, k) =>
      text(x.at(v), plotHeight + 14 + 10 * k, row, ` text-anchor="middle"${size}`),
    );
    return mark + words.join('');
  });
  const aside = y.ticks.map(([v, label]) => {
    const at = short(y.at(v));
    return `<path d="M0 ${at}h-4" stroke="#888"/>${text(-7, y.at(v) + 4, label, ' text-anchor="end"')}`;
  });
  const titles = [
    text(plotWidth / 2, -8, panel.title, ' text-anchor="middle" font-size="10"'),
    text(plotWidth / 2, plotHeight + 32, panel.x.title, ' text-anchor="middle"'),
    text(
      -50,
      plotHeight / 2,
      panel.y.title,
      ` text-anchor="middle" transform="rotate(-90 -50 ${plotHeight / 2})"`,
    ),
  ];
  return [frame, ...below, ...aside, ...titles].join('');
}

function bars({ series }: Panel, x: Scale, y: Scale): string {
  const tops = series[0]!.x.map(() => 0);
  const width = (0.7 * plotWidth) / tops.length;
  return series
    .flatMap((s) =>
      s.y.map((value, i) => {
        const [from, to] = [y.at(tops[i]!), y.at(tops[i]! + value)];
        tops[i]! += value;
        const box = `x="${short(x.at(i) - width / 2)}" y="${short(to)}" width="${short(width)}"`;
        return `<rect ${box} height="${short(from - to)}" fill="${s.color}"/>`;
      }),
    )
    .join('');
}

function mark(series: Series, x: Scale, y: Scale): string {
  const points = (series.x as number[])
    .map((v, i) => [x.at(v), y.at(series.y[i]!)] as const)
    .filter(([px, py]) => Number.isFinite(px) && Number.isFinite(py));
  const path = points.map(([px, py], i) => `${i ? 'L' : 'M'}${short(px)} ${short(py)}`).join('');
  if (series.kind === 'points') return dots(points, series);
  if (series.kind === 'area' && points.length) {
    const closed = `${path}L${short(points.at(-1)![0])} ${plotHeight}L${short(points[0]![0])} ${plotHeight}Z`;
    return `<path d="${closed}" fill="${series.color}" fill-opacity=".35" stroke="${series.color}" stroke-width=".8"/>`;
  }
  const dash = series.dashed ? ' stroke-dasharray="4 3"' : '';
  return `<path d="${path}" fill="none" stroke="${series.color}" stroke-width="1.6"${dash}/>`;
}

/** A cloud of dots, or a few shapes that differ without colour. */
function dots(points: (readonly [number, number])[], { color, symbol = 'dot' }: Series): string {
  if (symbol === 'dot' || symbol === 'circle') {
    const path = points.map(([x, y]) => `M${short(x)} ${short(y)}h0`).join('');
    const size = symbol === 'dot' ? 1.6 : 7;
    return `<path d="${path}" stroke="${color}" stroke-width="${size}" stroke-linecap="round"/>`;
  }
  const shape = symbol === 'square' ? 'm-3 -3h6v6h-6z' : 'm0 -5l5 5l-5 5l-5 -5z';
  return `<path d="${points.map(([x, y]) => `M${short(x)} ${short(y)}${shape}`).join('')}" fill="${color}"/>`;
}

/** Text safe inside XML. */
const xml = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);

const short = (v: number): string => String(Math.round(v * 100) / 100);

/** One line at (x, y). */
const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${short(x)}" y="${short(y)}"${more}>${xml(words)}</text>`;

interface Scale {
  at(value: number): number;
  readonly ticks: readonly (readonly [number, string])[];
}

/** Linear or logarithmic; `up` puts small values at the bottom. */
function scaleOf({ log, whole, range }: Axis, values: number[], length: number, up: boolean): Scale {
  const finite = values.filter((v) => Number.isFinite(v) && (!log || v > 0));
  const bend = log ? Math.log10 : (v: number): number => v;
  let low = bend(range?.[0] ?? Math.min(...finite));
  let high = bend(range?.[1] ?? Math.max(...finite));
  if (log) [low, high] = [Math.floor(low), Math.ceil(high)];
  if (!(high > low)) [low, high] = [low - 0.5, low + 0.5];
  const at = (v: number): number => {
    const part = Math.min(1, Math.max(0, (bend(v) - low) / (high - low)));
    return length * (up ? 1 - part : part);
  };
  return { at, ticks: log ? decades(low, high) : niceTicks(low, high, whole) };
}

function decades(low: number, high: number): [number, string][] {
  const list: [number, string][] = [];
  for (let k = low; k <= high; k++) list.push([10 ** k, k >= -2 && k <= 3 ? String(10 ** k) : `1e${k}`]);
  return list;
}

/** Four to eight round values between two. */
function niceTicks(low: number, high: number, whole = false): [number, string][] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(power * ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10), whole ? 1 : 0);
  const list: [number, string][] = [];
  for (let v = Math.ceil(low / step) * step; v <= high + 1e-9 * step; v += step)
    list.push([v, String(Number(v.toPrecision(6)))]);
  return list;
}

/** Room around a panel of lying bars: names at the left, lengths on one axis below. */
const around = { left: 112, top: 28, right: 40, bottom: 46 };

/** @param width and height of the panel in SVG units */
function drawRows(panel: Panel, width: number, height: number): string {
  const [wide, tall] = [width - around.left - around.right, height - around.top - around.bottom];
  const rows = rowsOf(panel);
  const x = scaleOf(
    panel.x,
    rows.map(({ value }) => value),
    wide,
    false,
  );
  const step = tall / rows.length;
  const bars = rows.map(({ name, value, color }, i) => {
    const middle = (i + 0.5) * step;
    const size = `x="0" y="${short(middle - 0.36 * step)}" width="${short(x.at(value))}" height="${short(0.72 * step)}"`;
    return `<rect ${size} fill="${color}"/>${text(-5, middle + 3, name, ' text-anchor="end" font-size="9"')}${text(x.at(value) + 3, middle + 3, seconds(value), ' font-size="8"')}`;
  });
  const ticks = x.ticks.map(
    ([v, label]) =>
      `<path d="M${short(x.at(v))} ${tall}v4" stroke="#888"/>${text(x.at(v), tall + 16, label, ' text-anchor="middle"')}`,
  );
  return `<g transform="translate(${around.left},${around.top})"><rect width="${wide}" height="${tall}" fill="none" stroke="#888"/>${bars.join('')}${ticks.join('')}${text(wide / 2, -8, panel.title, ' text-anchor="middle" font-size="10"')}${text(wide / 2, tall + 34, panel.x.title, ' text-anchor="middle"')}</g>`;
}
