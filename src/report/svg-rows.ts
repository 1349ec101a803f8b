/** A panel of lying bars: names at the left, lengths on one axis below. */

import { seconds } from '../tables/format.ts';
import { type Panel, rowsOf } from './figure.ts';
import { scaleOf, short, text } from './svg-parts.ts';

const inner = { left: 112, top: 28, right: 40, bottom: 46 };

/** @param width and height of the panel in SVG units */
export function drawRows(panel: Panel, width: number, height: number): string {
  const [wide, tall] = [width - inner.left - inner.right, height - inner.top - inner.bottom];
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
  return `<g transform="translate(${inner.left},${inner.top})"><rect width="${wide}" height="${tall}" fill="none" stroke="#888"/>${bars.join('')}${ticks.join('')}${text(wide / 2, -8, panel.title, ' text-anchor="middle" font-size="10"')}${text(wide / 2, tall + 34, panel.x.title, ' text-anchor="middle"')}</g>`;
}
