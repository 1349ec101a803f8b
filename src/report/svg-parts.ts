/** What all drawings share: text in SVG, and scales with their ticks. */
import type { Axis } from './figure.ts';

/** Text safe inside XML. */
export const xml = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);

export const short = (v: number): string => String(Math.round(v * 100) / 100);

/** One line at (x, y). */
export const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${short(x)}" y="${short(y)}"${more}>${xml(words)}</text>`;

export interface Scale {
  at(value: number): number;
  readonly ticks: readonly (readonly [number, string])[];
}

/** Linear or logarithmic; `up` puts small values at the bottom. */
export function scaleOf({ log, whole, range }: Axis, values: number[], length: number, up: boolean): Scale {
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
