/**
 * The page of a training run: result, pictures that the network sees, predictions beside the truth, curves, study.
 * One HTML file of some 100 kB that loads nothing and runs no script.
 */
import { asStarted } from '../shared/started.ts';
import { chartStyle, charts } from './charts.ts';
import { colors, type Figure, type Panel, type Series } from './figure.ts';
import { definitions, html } from './html-parts.ts';
import { renderPage } from './page.ts';

/** An epoch, as metrics.jsonl has it. */
export interface CurvePoint {
  readonly epoch: number;
  readonly imagesSeen: number;
  readonly trainLoss: number;
  readonly valLoss: number;
  /** A value an output. */
  readonly valR2: readonly number[];
  readonly seconds: number;
}

/** A step, by images seen so far. */
export interface StepCurvePoint {
  readonly imagesSeen: number;
  readonly loss: number;
  readonly lr: number;
  readonly imagesPerSecond: number;
}

const outputColors = [colors.green, colors.purple, colors.orange, colors.blue, colors.vermilion, colors.sky];
const colorOf = (k: number): string => outputColors[k % outputColors.length]!;

/** Points of a curve: more of them than pixels show nothing. */
const mostPoints = 500;

/** Means of neighbours, in the logarithm where all are above 0. */
export function thinned(x: readonly number[], y: readonly number[], most = mostPoints) {
  const each = Math.ceil(x.length / most);
  const starts = Array.from({ length: Math.ceil(x.length / each) }, (_, i) => i * each);
  const meanFrom = (values: readonly number[], at: number): number => {
    const some = values.slice(at, at + each);
    return some.reduce((sum, value) => sum + value, 0) / some.length;
  };
  return { x: starts.map((at) => meanFrom(x, at)), y: starts.map((at) => meanFrom(y, at)) };
}

const kindOf = (points: readonly unknown[]): 'lines' | 'points' => (points.length > 1 ? 'lines' : 'points');

const seen = { title: 'images seen' };

function stepSeries(
  steps: readonly StepCurvePoint[],
  name: string,
  of: (point: StepCurvePoint) => number,
  faint: boolean,
): Series {
  const points = thinned(
    steps.map(({ imagesSeen }) => imagesSeen),
    steps.map(of),
  );
  return { kind: kindOf(points.x), name, ...points, color: faint ? colors.grey : colors.sky, faint };
}

/** Losses by step and epoch, the unexplained share of each output, learning rate and speed; all by images seen. */
export function curvesFigure(
  title: string,
  points: readonly CurvePoint[],
  outputs: readonly string[],
  steps: readonly StepCurvePoint[] = [],
): Figure {
  const x = points.map(({ imagesSeen }) => imagesSeen);
  const line = (name: string, y: number[], color: string, dashed = false): Series => ({
    ...{ kind: kindOf(points), name, x, y, color, dashed, symbol: dashed ? 'diamond' : 'circle' },
  });
  const unexplained = outputs.map((name, k) =>
    line(
      `1 - R2, ${name}`,
      points.map((p) => Math.max(1e-6, 1 - p.valR2[k]!)),
      colorOf(k),
    ),
  );
  const last = points.at(-1);
  return {
    id: 'curves',
    title,
    caption:
      'Loss: mean squared error of the outputs in the unit interval. 1 - R2: the share of the variance on validation data that the network does not explain; 1 is the constant predictor.',
    alt: last
      ? `Learning curves. After ${last.imagesSeen} images: validation loss ${last.valLoss.toPrecision(3)}, R2 ${last.valR2.map((v) => v.toFixed(4)).join(', ')}.`
      : `Learning curves before the end of the first epoch, ${steps.length} steps.`,
    columns: 2,
    panels: [
      { title: 'Loss', x: seen, y: { title: 'loss', log: true }, series: losses(points, steps, line) },
      ...(points.length > 0
        ? [
            {
              title: 'Unexplained on validation data',
              x: seen,
              y: { title: '1 - R2', log: true },
              series: unexplained,
            },
          ]
        : []),
      ...(steps.length > 0 ? pacePanels(steps) : []),
    ],
    legend: true,
  };
}

type LineOf = (name: string, y: number[], color: string, dashed?: boolean) => Series;

const losses = (points: readonly CurvePoint[], steps: readonly StepCurvePoint[], line: LineOf): Series[] => [
  ...(steps.length > 0 ? [stepSeries(steps, 'training loss by step', ({ loss }) => loss, true)] : []),
  ...(points.length > 0
    ? [
        line(
          'training loss',
          points.map((p) => p.trainLoss),
          colors.blue,
        ),
        line(
          'validation loss',
          points.map((p) => p.valLoss),
          colors.vermilion,
          true,
        ),
      ]
    : []),
];

const pacePanels = (steps: readonly StepCurvePoint[]): Panel[] => [
  {
    title: 'Learning rate',
    x: seen,
    y: { title: 'learning rate' },
    series: [stepSeries(steps, 'learning rate', ({ lr }) => lr, false)],
  },
  {
    title: 'Speed',
    x: seen,
    y: { title: 'images/s', range: [0, 1.1 * Math.max(...thinnedSpeeds(steps))] },
    series: [stepSeries(steps, 'images/s', ({ imagesPerSecond }) => imagesPerSecond, true)],
  },
];

const thinnedSpeeds = (steps: readonly StepCurvePoint[]): number[] =>
  thinned(
    steps.map((step) => step.imagesSeen),
    steps.map((step) => step.imagesPerSecond),
  ).y;

/** What the network says of one output. */
export interface OutputResult {
  /** `sigma`. */
  readonly name: string;
  /** What it is learned from: `position in the day`; null where the name says it. */
  readonly learned: string | null;
  readonly r2: number;
  /** Mean absolute error in the output's own units, and what it means: `7.6 minutes`. */
  readonly error: string;
  readonly means: string | null;
  /** The same of the constant predictor; null where it is not known. */
  readonly constant: string | null;
}

/** A picture as the network gets it, and below it what it says. */
export interface SeenPicture {
  readonly uri: string;
  readonly title: string;
  /** Name, truth and prediction of each output. */
  readonly outputs: readonly (readonly [name: string, truth: string, predicted: string])[];
}

/** Predicted against true values of an output, in its units. */
export interface ScatterOf {
  readonly name: string;
  readonly unit: string;
  readonly range: readonly [number, number];
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
}

/** A point a held-out date; on the line they are equal. */
export function scatterFigure(outputs: readonly ScatterOf[], count: number): Figure {
  const panel = ({ name, unit, range, truth, predicted }: ScatterOf, k: number): Panel => ({
    title: name,
    x: { title: `true, ${unit}`, range },
    y: { title: `predicted, ${unit}`, range },
    series: [
      { kind: 'lines', name: 'equal', x: range, y: range, color: colors.grey, dashed: true },
      { kind: 'points', name, x: truth, y: predicted, color: colorOf(k), symbol: 'dot' },
    ],
  });
  return {
    id: 'predictions',
    title: 'Predicted against true',
    caption: `${count} held-out ones, none of which the network was trained on. On the dashed line prediction and truth are equal; a network that learned nothing gives a level cloud.`,
    alt: `${count} points an output.`,
    columns: 3,
    panels: outputs.map(panel),
    legend: false,
  };
}

export interface TrainingPage {
  readonly title: string;
  /** The epoch of the result; null before the end of the first. */
  readonly epoch: number | null;
  /** One sentence with the outcome; while it runs, how far it is. */
  readonly outcome: string;
  readonly outputs: readonly OutputResult[];
  readonly pictures: readonly SeenPicture[];
  readonly scatter: Figure | null;
  readonly figure: Figure;
  /** What the run lacks, a sentence each. */
  readonly missing: readonly string[];
  /** What was found, a sentence each; none where no study was made. */
  readonly findings: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, unknown>>;
  /** Commands to go on with. */
  readonly next: readonly string[];
}

/** @returns UTF-8 HTML, the same for the same argument */
export const renderTrainingPage = (page: TrainingPage): string =>
  renderPage({
    title: page.title,
    body: `${trainingBody(page)}
<footer><p>Made by medchaos from the files of this folder; <code>medchaos report</code> makes it again.</p></footer>`,
    style: trainingStyle,
  });

export const trainingStyle = `${chartStyle}
.seen { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 9rem), 1fr)); gap: 1rem; }
.seen figure { margin: 0; }
.seen img { width: 100%; max-width: 15rem; image-rendering: pixelated; background: var(--raised); display: block; border: 1px solid var(--rule); }
@media (min-width: 60rem) { .seen { grid-template-columns: repeat(4, 1fr); } .facts dl { grid-template-columns: repeat(3, max-content 1fr); } }
.seen dl { font-size: .8rem; gap: 0 .6rem; }
`;

/** Header and sections. */
export function trainingBody(page: TrainingPage): string {
  const { title, outcome, missing, figure, findings, next, config, environment } = page;
  const warning = missing.length > 0 ? `<p id="missing">${html(missing.join(' '))}</p>` : '';
  const list = findings.map((text) => `<li>${html(text)}</li>`).join('\n');
  return `<header><h1>${html(title)}</h1><p id="outcome">${html(outcome)}</p>${warning}</header>
<main>
${resultSection(page)}
${picturesSection(page)}
<section id="curves"><h2>Learning curves</h2>
${figure.panels.some(({ series }) => series.length > 0) ? charts(figure) : '<p>No step is done yet.</p>'}</section>
<section id="findings"><h2>What it learned, and what its keys are worth</h2>
${list ? `<ul>\n${list}\n</ul>` : asStarted('<p>Not studied yet: <code>npm run study</code>.</p>')}</section>
<section id="next"><h2>To go on</h2>
<pre tabindex="0" aria-label="Commands"><code>${next.map(html).join('\n')}</code></pre></section>
<section id="config" class="facts"><h2>Options</h2>${facts(config)}</section>
<section id="environment" class="facts"><h2>Environment</h2>${facts(environment)}</section>
</main>`;
}

const facts = (all: Readonly<Record<string, unknown>>): string =>
  definitions(Object.entries(all).map(([key, value]) => [key, String(value ?? 'none')]));

const resultColumns: readonly (readonly [head: string, of: (output: OutputResult) => string | null])[] = [
  ['learned from', ({ learned }) => learned],
  ['R2', ({ r2 }) => r2.toFixed(4)],
  ['mean absolute error', ({ error }) => error],
  ['that is', ({ means }) => means],
  ['a constant guess errs by', ({ constant }) => constant],
];

function resultSection({ outputs, scatter }: TrainingPage): string {
  if (outputs.length === 0) return '';
  const columns = resultColumns.filter(([, of]) => outputs.some((output) => of(output) !== null));
  const heads = ['output', ...columns.map(([head]) => head)].map(
    (head) => `<th scope="col">${html(head)}</th>`,
  );
  const rows = outputs.map(
    (output) =>
      `<tr><th scope="row">${html(output.name)}</th>${columns.map(([, of]) => `<td>${html(of(output) ?? '')}</td>`).join('')}</tr>`,
  );
  return `<section id="result"><h2>Result</h2>
<div class="scroll" role="region" aria-label="Result" tabindex="0"><table class="words"><thead><tr>${heads.join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>
<p class="caption">R2 on validation data: 1 is perfect, 0 is a constant guess.</p>
${scatter ? charts(scatter) : ''}</section>`;
}

function picturesSection({ pictures }: TrainingPage): string {
  if (pictures.length === 0) return '';
  const shown = pictures.map(
    ({ uri, title, outputs }) => `<figure><img src="${uri}" alt="${html(`Metadata image: ${title}`)}">
<figcaption>${html(title)}${definitions(outputs.map(([name, truth, predicted]) => [name, `${truth}, predicted ${predicted}`]))}</figcaption></figure>`,
  );
  return `<section id="pictures"><h2>What the network sees</h2><div class="seen">${shown.join('\n')}</div></section>`;
}
