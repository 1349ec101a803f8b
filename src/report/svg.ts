/** Figures as stand-alone SVG files: a plain drawing for papers and slides, without any script. */

import { seconds } from '../tables/format.ts';
import { type Axis, type Figure, type Panel, rowsOf, type Series } from './figure.ts';

const [panelWidth, panelHeight] = [330, 250];
const legendLine = 18;

/** A panel's size, and the room around its plot. */
interface Box {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}
const paper: Box = {
  width: panelWidth,
  height: panelHeight,
  left: 62,
  top: 28,
  right: 14,
  bottom: 46,
};
const page: Box = { width: 560, height: 340, left: 74, top: 34, right: 16, bottom: 58 };
/** A third of a wide page. */
const narrow: Box = { ...page, width: 420, height: 370 };

const plotOf = ({ width, height, left, top, right, bottom }: Box): { wide: number; high: number } => ({
  wide: width - left - right,
  high: height - top - bottom,
});

/** One panel for a page, as wide as its place; the page's style sheet colours and sizes its text. */
export function panelSvg(panel: Panel, alt: string, columns: number): string {
  const box = columns > 2 ? narrow : page;
  return `<svg class="panel" viewBox="0 0 ${box.width} ${box.height}" role="img" aria-label="${xml(alt)}">${drawPanel(panel, box)}</svg>`;
}

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
    return `<g transform="translate(${x},${y})">${drawPanel(panel, { ...paper, height: figure.panelHeight ?? panelHeight })}</g>`;
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

function drawPanel(panel: Panel, box: Box): string {
  if (panel.series[0]?.kind === 'rows') return drawRows(panel, box.width, box.height);
  const { wide, high } = plotOf(box);
  const names = categories(panel);
  const x = names ? categoryScale(names, wide) : scaleOf(panel.x, valuesOf(panel, 'x'), wide, false);
  const y = scaleOf(panel.y, names ? [0, ...stackTops(panel)] : valuesOf(panel, 'y'), high, true);
  const marks = names ? bars(panel, x, y, wide) : panel.series.map((each) => mark(each, x, y, high)).join('');
  return `<g transform="translate(${box.left},${box.top})">${axes(panel, x, y, box)}${marks}</g>`;
}

const categories = ({ series }: Panel): string[] | null =>
  series[0]?.kind === 'bars' ? (series[0].x as string[]) : null;

const valuesOf = ({ series }: Panel, axis: 'x' | 'y'): number[] => {
  const values = series.flatMap((s) => s[axis] as number[]);
  return axis === 'y' && series.some((s) => s.kind === 'area') ? [0, ...values] : values;
};

const stackTops = ({ series }: Panel): number[] =>
  series[0]!.x.map((_, i) => series.reduce((sum, s) => sum + s.y[i]!, 0));

function categoryScale(names: string[], wide: number): Scale {
  const at = (i: number): number => ((i + 0.5) * wide) / names.length;
  return { at, ticks: names.map((name, i) => [i, name] as const) };
}

function axes(panel: Panel, x: Scale, y: Scale, box: Box): string {
  const { wide, high } = plotOf(box);
  const large = box.top === page.top;
  const frame = `<rect width="${wide}" height="${high}" fill="none" stroke="#888"/>`;
  const grid = large ? gridOf(x, y, wide, high) : '';
  const below = x.ticks.map(([v, label]) => {
    const mark = `<path d="M${short(x.at(v))} ${high}v4" stroke="#888"/>`;
    const rows = label.split('\n');
    const size = categories(panel) ? ' font-size="6.8"' : '';
    const words = rows.map((row, k) =>
      text(x.at(v), high + (large ? 20 : 14) + 10 * k, row, ` text-anchor="middle"${size}`),
    );
    return mark + words.join('');
  });
  const aside = y.ticks.map(([v, label]) => {
    const at = short(y.at(v));
    return `<path d="M0 ${at}h-4" stroke="#888"/>${text(-7, y.at(v) + 4, label, ' text-anchor="end"')}`;
  });
  const titles = [
    text(wide / 2, -8, panel.title, ` text-anchor="middle"${large ? ' class="title"' : ' font-size="10"'}`),
    text(wide / 2, high + (large ? 46 : 32), panel.x.title, ' text-anchor="middle"'),
    text(
      12 - box.left,
      high / 2,
      panel.y.title,
      ` text-anchor="middle" transform="rotate(-90 ${12 - box.left} ${high / 2})"`,
    ),
  ];
  return [grid, frame, ...below, ...aside, ...titles].join('');
}

/** Lines across the plot at each tick. */
function gridOf(x: Scale, y: Scale, wide: number, high: number): string {
  const across = y.ticks.map(([v]) => `M0 ${short(y.at(v))}h${wide}`);
  const down = x.ticks.map(([v]) => `M${short(x.at(v))} 0v${high}`);
  return `<path d="${[...across, ...down].join('')}" fill="none" stroke="#888" stroke-opacity=".2"/>`;
}

function bars({ series }: Panel, x: Scale, y: Scale, wide: number): string {
  const tops = series[0]!.x.map(() => 0);
  const width = (0.7 * wide) / tops.length;
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

function mark(series: Series, x: Scale, y: Scale, high: number): string {
  const points = (series.x as number[])
    .map((v, i) => [x.at(v), y.at(series.y[i]!)] as const)
    .filter(([px, py]) => Number.isFinite(px) && Number.isFinite(py));
  const path = points.map(([px, py], i) => `${i ? 'L' : 'M'}${short(px)} ${short(py)}`).join('');
  if (series.kind === 'points') return dots(points, series);
  if (series.kind === 'area' && points.length) {
    const closed = `${path}L${short(points.at(-1)![0])} ${high}L${short(points[0]![0])} ${high}Z`;
    return `<path d="${closed}" fill="${series.color}" fill-opacity=".35" stroke="${series.color}" stroke-width=".8"/>`;
  }
  const dash = series.dashed ? ' stroke-dasharray="4 3"' : '';
  const width = series.faint ? 'stroke-width="1" stroke-opacity=".5"' : 'stroke-width="1.6"';
  const line = `<path d="${path}" fill="none" stroke="${series.color}" ${width}${dash}`;
  return series.note ? `<g class="curve"><title>${xml(series.note)}</title>${line}/></g>` : `${line}/>`;
}

/** A cloud of dots, or a few shapes that differ without colour. */
function dots(points: (readonly [number, number])[], { color, symbol = 'dot' }: Series): string {
  if (symbol === 'dot' || symbol === 'circle') {
    const path = points.map(([x, y]) => `M${short(x)} ${short(y)}h0`).join('');
    const size = symbol === 'dot' ? 1.6 : 7;
    return `<path${symbol === 'dot' ? ' class="dots"' : ''} d="${path}" stroke="${color}" stroke-width="${size}" stroke-linecap="round"/>`;
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
  const some = values.filter((v) => Number.isFinite(v) && (!log || v > 0));
  const finite = some.length > 0 ? some : [1]; // an axis without a point
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
