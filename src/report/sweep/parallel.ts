/** Parallel coordinates: an axis an option and one for the measure; a line a variant. */
import { html } from '../html-parts.ts';
import { scaleColour, shareOf } from './colour.ts';
import type { Variant } from './summary.ts';
import { meanSdText } from './tables.ts';

const [width, height, top, bottom, side] = [1120, 420, 44, 34, 70];

interface Axis {
  readonly title: string;
  /** y of a value. */
  readonly at: (value: unknown) => number;
  readonly ticks: readonly (readonly [y: number, label: string])[];
}

/** Lines beyond these hide one another: the best are drawn. */
const mostLines = 400;

/** @param variants that have the measure, the best first */
export function parallelSvg(
  variants: readonly Variant[],
  axes: readonly string[],
  by: string,
  better: 'higher' | 'lower',
): string {
  const drawn = variants.slice(0, mostLines);
  const means = drawn.map(({ measures }) => measures[by]!.mean!);
  const columns = [
    ...axes.map((axis, k) =>
      axisOf(
        axis,
        drawn.map((variant) => variant.axes[k]),
      ),
    ),
    axisOf(by, means),
  ];
  const x = (k: number): number => side + (k * (width - 2 * side)) / (columns.length - 1);
  const share = shareOf(means, better);
  const lines = drawn.map((variant, i) => {
    const values = [...variant.axes, means[i]!];
    const path = values.map(
      (value, k) => `${k ? 'L' : 'M'}${x(k).toFixed(1)} ${columns[k]!.at(value).toFixed(1)}`,
    );
    const width = i === 0 ? 3 : 1.4;
    return `<g class="curve"><title>${html(`${variant.label}: ${meanSdText(variant.measures[by]!)}`)}</title><path d="${path.join('')}" fill="none" stroke="${scaleColour(share(means[i]!)).ground}" stroke-width="${width}"/></g>`;
  });
  const rules = columns.map(({ title, ticks }, k) => {
    const at = x(k).toFixed(1);
    const anchor = k === columns.length - 1 ? 'start' : 'end';
    const offset = anchor === 'start' ? 8 : -8;
    const words = ticks.map(
      ([y, label]) =>
        `<text x="${x(k) + offset}" y="${(y + 4).toFixed(1)}" text-anchor="${anchor}">${html(label)}</text>`,
    );
    return `<path d="M${at} ${top}V${height - bottom}" stroke="#888"/><text class="title" x="${at}" y="22" text-anchor="middle">${html(title)}</text>${words.join('')}`;
  });
  const alt = `Parallel coordinates of ${drawn.length} variants; the best has ${axes.map((axis, k) => `${axis} ${drawn[0]!.axes[k]}`).join(', ')}.`;
  // The best on top.
  return `<svg class="panel parallel" viewBox="0 0 ${width} ${height}" role="img" aria-label="${html(alt)}">${lines.reverse().join('\n')}${rules.join('\n')}</svg>`;
}

const usable = height - top - bottom;
const yOf = (share: number): number => height - bottom - share * usable;

/** Numbers on a scale, logarithmic where they span ten times; names and few numbers at equal distances. */
function axisOf(title: string, values: readonly unknown[]): Axis {
  const distinct = [...new Set(values)];
  if (distinct.every((value) => typeof value === 'number') && distinct.length > 6)
    return numericAxis(title, distinct as number[]);
  const order = distinct.every((value) => typeof value === 'number')
    ? (distinct as number[]).sort((a, b) => a - b)
    : distinct;
  const at = (value: unknown): number => yOf((order.indexOf(value) + 0.5) / order.length);
  return { title, at, ticks: order.map((value) => [at(value), String(value ?? 'none')]) };
}

function numericAxis(title: string, values: readonly number[]): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const log = low > 0 && high >= 10 * low;
  const bend = (value: number): number => (log ? Math.log(value) : value);
  const at = (value: unknown): number => yOf((bend(Number(value)) - bend(low)) / (bend(high) - bend(low)));
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const value = log ? low * (high / low) ** share : low + share * (high - low);
    return [yOf(share), String(Number(value.toPrecision(3)))] as const;
  });
  return { title, at, ticks };
}
