/** The table of metrics: value, ideal value, interval, verdict. */
import { type MetricsResult, metrics, type Verdict } from '../src/metrics/index.ts';
import { byId, make } from './dom.ts';

const number = (value: number | null): string => {
  if (value === null) return '';
  if (!Number.isFinite(value)) return 'infinite';
  return String(Number(value.toPrecision(Math.abs(value) >= 100 ? 7 : 5)));
};

/** The measure's own interval, else 2.576 standard deviations on both sides. */
function intervalOf({ intervals, expected, sd }: Verdict): string {
  const own = Object.values(intervals ?? {})[0];
  if (own) return `${number(own[0])} to ${number(own[1])}`;
  if (expected === null || sd === null || sd === 0) return '';
  return `${number(expected - 2.5758 * sd)} to ${number(expected + 2.5758 * sd)}`;
}

const words = { ideal: 'as ideal', off: 'off', none: '' } as const;
const moods = { ideal: 'good', off: 'bad', none: '' } as const;

function rowOf(measure: Verdict): HTMLElement {
  const { name, unit, value, expected, verdict, section } = measure;
  const label = metrics[name]?.label ?? name.replaceAll('_', ' ');
  const head = make('th', unit ? `${label}, ${unit}` : label, { scope: 'row', title: section });
  const judged = make('td', words[verdict], { class: moods[verdict] });
  const ideal = [number(expected), intervalOf(measure)].map((text) => make('td', text));
  return make('tr', '', {}, [head, make('td', number(value)), judged, ...ideal]);
}

/** Families of many rows, such as bit planes, are summed up in the line below. */
const shown = new Set(['paper', 'local-entropy', 'histogram', 'residual', 'ssim', 'mae']);

export function showMetrics({ measures, off, judged, expectedOff, notMeasured }: MetricsResult): void {
  byId('metrics').replaceChildren(...measures.filter(({ section }) => shown.has(section)).map(rowOf));
  const left =
    notMeasured.length > 0 ? ` Not measured: ${notMeasured.map(({ section }) => section).join(', ')}.` : '';
  byId('metrics-summary').textContent =
    `All ${judged} measures with a verdict, co-occurrence and bit planes among them: ${off} off; an ideal cipher has ${expectedOff.toFixed(1)} on average.${left}`;
}
