/**
 * The page of a training run: its learning curves and what was found about its network. One HTML file of a few
 * kB, the figure inside as SVG; nothing is loaded and no script runs.
 */
import { colors, type Figure, type Series } from './figure.ts';
import { html } from './html-parts.ts';
import { renderPage } from './page.ts';
import { toSvg } from './svg.ts';

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

const outputColors = [colors.green, colors.purple, colors.orange];

/** Loss and what is left unexplained, by images seen; both on logarithmic axes, since both fall for long. */
export function curvesFigure(
  title: string,
  points: readonly CurvePoint[],
  outputs: readonly string[],
): Figure {
  const x = points.map(({ imagesSeen }) => imagesSeen);
  const kind = points.length > 1 ? 'lines' : 'points';
  const line = (name: string, y: number[], color: string, dashed = false): Series => ({
    kind,
    name,
    x,
    y,
    color,
    dashed,
    symbol: dashed ? 'diamond' : 'circle',
  });
  const loss = [
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
  ];
  const unexplained = outputs.map((name, k) =>
    line(
      `1 - R2, ${name}`,
      points.map((p) => Math.max(1e-6, 1 - p.valR2[k]!)),
      outputColors[k]!,
    ),
  );
  const seen = { title: 'images seen' };
  const last = points.at(-1)!;
  return {
    id: 'curves',
    title,
    caption:
      'Mean squared error of the outputs in the unit interval, and the share of their variance on validation dates that the network does not explain; 1 is the constant predictor.',
    alt: `Learning curves. After ${last.imagesSeen} images: validation loss ${last.valLoss.toPrecision(3)}, R2 ${last.valR2.map((v) => v.toFixed(4)).join(', ')}.`,
    columns: 2,
    panels: [
      { title: 'loss', x: seen, y: { title: 'loss', log: true }, series: loss },
      {
        title: 'unexplained on validation dates',
        x: seen,
        y: { title: '1 - R2', log: true },
        series: unexplained,
      },
    ],
    legend: true,
  };
}

export interface TrainingPage {
  readonly title: string;
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
export function renderTrainingPage({
  title,
  figure,
  missing,
  findings,
  config,
  environment,
  next,
}: TrainingPage): string {
  const list = findings.map((text) => `<li>${html(text)}</li>`).join('\n');
  const warning = missing.length > 0 ? `<p id="missing">${html(missing.join(' '))}</p>` : '';
  const facts = (all: Readonly<Record<string, unknown>>): string =>
    `<dl>${Object.entries(all)
      .map(([key, value]) => `<dt>${html(key)}</dt><dd>${html(String(value ?? 'none'))}</dd>`)
      .join('')}</dl>`;
  return renderPage({
    title,
    body: `<header><h1>${html(title)}</h1>${warning}</header>
<main>
<section id="curves"><h2>Learning curves</h2>
<figure class="plot">
<div class="scroll">${toSvg(figure)}</div>
<figcaption>${html(figure.caption)}</figcaption>
</figure></section>
<section id="findings"><h2>What it learned, and what its keys are worth</h2>
${list ? `<ul>\n${list}\n</ul>` : '<p>Not studied yet: <code>npm run study</code>.</p>'}</section>
<section id="next"><h2>To go on</h2>
<pre><code>${next.map(html).join('\n')}</code></pre></section>
<section id="config"><h2>Options</h2>${facts(config)}</section>
<section id="environment"><h2>Environment</h2>${facts(environment)}</section>
</main>
<footer><p>Made by medchaos from config.json, metrics.jsonl and study.json of this folder; <code>medchaos report</code> makes it again.</p></footer>`,
    style: '\n.plot svg { max-width: 100%; height: auto; }',
  });
}
