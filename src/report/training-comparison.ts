/** Trainings side by side: their results, their curves over one another, the options in which they differ. */
import { clockTime } from '../shared/progress.ts';
import { chartStyle, charts } from './charts.ts';
import { colors, type Figure, type Panel, type Series } from './figure.ts';
import { html } from './html-parts.ts';
import { renderPage } from './page.ts';
import type { CurvePoint } from './training-page.ts';

export interface ComparedTraining {
  readonly name: string;
  /** At least one. */
  readonly points: readonly CurvePoint[];
}

/** Values of the option, one a training. */
export type Differences = Readonly<Record<string, readonly unknown[]>>;

const runColors = [
  colors.blue,
  colors.vermilion,
  colors.green,
  colors.purple,
  colors.orange,
  colors.sky,
  colors.grey,
];

/** The least R2 of the outputs, by which runs are compared. */
const leastR2 = ({ valR2 }: CurvePoint): number => Math.min(...valR2);

/** @returns UTF-8 HTML */
export function renderTrainingComparison(
  runs: readonly ComparedTraining[],
  differences: Differences,
): string {
  const best = runs.toSorted((a, b) => leastR2(b.points.at(-1)!) - leastR2(a.points.at(-1)!))[0]!;
  const outcome = `${best.name} has the highest R2 of its worst output, ${leastR2(best.points.at(-1)!).toFixed(4)}.`;
  return renderPage({
    title: `${runs.length} trainings compared`,
    body: `<header><h1>${runs.length} trainings compared</h1><p id="outcome">${html(outcome)}</p></header>
<main>
<section id="results"><h2>Results</h2>${table(
      ['run', 'R2 of the worst output', 'validation loss', 'epochs', 'images seen', 'time'],
      runs.map(resultRow),
    )}</section>
<section id="curves"><h2>Curves</h2>${charts(figureOf(runs))}</section>
<section id="options"><h2>Options that differ</h2>${differencesTable(runs, differences)}</section>
</main>
<footer><p>Made by medchaos from the files of these runs; <code>medchaos report</code> with the same runs makes it again.</p></footer>`,
    style: chartStyle,
  });
}

function resultRow({ name, points }: ComparedTraining): string[] {
  const last = points.at(-1)!;
  const { epoch, imagesSeen, valLoss, seconds } = last;
  return [
    ...[name, leastR2(last).toFixed(4), valLoss.toPrecision(4), String(epoch)],
    ...[imagesSeen.toLocaleString('en'), clockTime(seconds)],
  ];
}

function differencesTable(runs: readonly ComparedTraining[], differences: Differences): string {
  const rows = Object.entries(differences).map(([name, values]) => [name, ...values.map(shown)]);
  if (rows.length === 0) return '<p>None.</p>';
  return table(['option', ...runs.map(({ name }) => name)], rows);
}

const shown = (value: unknown): string =>
  value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = rows.map(
    ([first, ...rest]) =>
      `<tr><th scope="row">${html(first!)}</th>${rest.map((cell) => `<td>${html(cell)}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll" role="region" aria-label="${html(heads[0]!)}" tabindex="0"><table class="words"><thead><tr>${heads.map((head) => `<th scope="col">${html(head)}</th>`).join('')}</tr></thead>
<tbody>${lines.join('\n')}</tbody></table></div>`;
}

/** By images and by time: a run of larger steps may be slower. */
function figureOf(runs: readonly ComparedTraining[]): Figure {
  const panel = (
    title: string,
    x: keyof Pick<CurvePoint, 'imagesSeen' | 'seconds'>,
    y: string,
    of: (point: CurvePoint) => number,
  ): Panel => ({
    title,
    x: { title: x === 'seconds' ? 'seconds of training' : 'images seen' },
    y: { title: y, log: true },
    series: runs.map(({ name, points }, k): Series => {
      const kind = points.length > 1 ? 'lines' : 'points';
      const dashed = k >= runColors.length;
      const color = runColors[k % runColors.length]!;
      return {
        kind,
        name,
        note: name,
        color,
        dashed,
        symbol: 'circle',
        x: points.map((p) => p[x]),
        y: points.map(of),
      };
    }),
  });
  const unexplained = (point: CurvePoint): number => Math.max(1e-6, 1 - leastR2(point));
  return {
    id: 'curves',
    title: 'Curves',
    caption: 'On validation data: loss, and 1 - R2 of the worst output; 1 is the constant predictor.',
    alt: `Curves of ${runs.map(({ name }) => name).join(', ')}.`,
    columns: 2,
    legend: true,
    panels: [
      panel('Validation loss', 'imagesSeen', 'loss', ({ valLoss }) => valLoss),
      panel('Unexplained, worst output', 'imagesSeen', '1 - R2', unexplained),
      panel('Training loss', 'imagesSeen', 'loss', ({ trainLoss }) => trainLoss),
      panel('Validation loss by time', 'seconds', 'loss', ({ valLoss }) => valLoss),
    ],
  };
}
