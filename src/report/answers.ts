/** The three answers at the head of the report. Every number is computed from the run. */
import { join } from 'node:path';
import { incomparableOf, type Score, scoresOfAgreement } from '../tables/agreement.ts';
import { scoresOf } from '../tables/findings.ts';
import { isOutlier, seconds } from '../tables/format.ts';
import { imageLabel, methodLabel, networkMethods } from '../tables/labels.ts';
import type { TidyRow } from '../tables/rows.ts';
import { tallies, tallyText } from './attack-tally.ts';
import { html } from './html-parts.ts';
import { readPicture, shownRaster, thumbnail } from './pictures.ts';
import type { ReportInput } from './section.ts';
import { cellAnchor } from './table-html.ts';

/** What the run lacks stands first; then question, answer in one line, figures. */
export const answers = async (input: ReportInput): Promise<string> =>
  `${incomplete(input)}<div class="answers">
${reproduces(input)}
${await protects(input)}
${network(input)}
</div>`;

const incomplete = ({ missing }: ReportInput): string =>
  missing.length === 0
    ? ''
    : `<ul class="outcome"><li id="outcome-incomplete"><strong>Not all of this run is here.</strong> ${html(missing.join(' '))}</li></ul>\n`;

interface Answer {
  readonly id: string;
  readonly question: string;
  readonly lead: string;
  /** `bad`: what the paper claims does not hold. */
  readonly verdict: 'good' | 'bad' | 'note';
  /** HTML. */
  readonly inner: string;
}

const answer = ({ id, question, lead, verdict, inner }: Answer): string =>
  `<article class="answer" id="answer-${id}"><h2>${question}</h2>
<p class="lead ${verdict}">${html(lead)}</p>
${inner}</article>`;

function reproduces({ tables, results }: ReportInput): string {
  const scores = scoresOfAgreement(tables);
  const [agree, all] = [sum(scores.map((s) => s.agree)), sum(scores.map((s) => s.all))];
  const lead =
    all === 0
      ? 'Nothing to compare.'
      : agree === all
        ? 'Yes, all that can be compared.'
        : `${agree > 0.8 * all ? 'Mostly' : 'In part'}: ${agree} of ${all} numbers agree.`;
  const cannot = incomparableOf(tables).map(
    ({ count, what, why }) => `<li>${count} ${html(what)}: ${html(why)}.</li>`,
  );
  const label = results.training.some((run) => run.undertrained)
    ? '<p><span class="label">Undertrained networks</span></p>'
    : '';
  return answer({
    id: 'reproduce',
    question: 'Does it reproduce?',
    lead,
    verdict: agree === all ? 'good' : agree > 0.8 * all ? 'note' : 'bad',
    inner: `${label}${scoreRows(scores)}
<p class="caption">Agree: the intervals of ±3 standard deviations overlap, rounding granted. Differ: they do not.</p>
${cannot.length ? `<p class="caption">Cannot be compared:</p><ul class="caption">${cannot.join('')}</ul>` : ''}`,
  });
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const scoreRows = (scores: readonly Score[]): string =>
  `<table class="score"><caption class="unseen">Numbers that agree</caption><thead class="unseen"><tr><th scope="col">Number</th><th scope="col">Agree</th><th scope="col">Differ</th></tr></thead><tbody>
${scores.map(scoreRow).join('\n')}
</tbody></table>`;

function scoreRow({ label, agree, all, differing }: Score): string {
  const first = differing[0];
  const link = first
    ? `<a href="#${html(cellAnchor(first.table, first.row))}" class="bad">${differing.length} differ${differing.length === 1 ? 's' : ''}</a>`
    : '';
  return `<tr><th scope="row">${label}</th><td><strong>${agree} of ${all}</strong> ${bar(agree, all)}</td><td>${link}</td></tr>`;
}

const bar = (part: number, all: number): string =>
  `<span class="bar" aria-hidden="true"><span style="width:${((100 * part) / all).toFixed(1)}%"></span></span>`;

async function protects(input: ReportInput): Promise<string> {
  const { attacks, recovered, results } = input;
  const opened = recovered.filter(({ found }) => found !== null);
  const cell = results.cells.find(({ attacked }) => attacked)?.attacked;
  const broken = attacks.some(({ scheme, success }) => scheme === 'paper' && success);
  const facts = [
    ...opened.map(
      ({ method, seconds: took, share }) =>
        `${methodLabel(method)}: one cipher picture alone gave the key in ${seconds(took)}, and ${percent(share)} of the picture.`,
    ),
    ...(cell
      ? [
          `${cell.queries} queries of the ${cell.attack.replaceAll('-', ' ')} attack gave back ${percent(cell.recovered)} of a picture.`,
        ]
      : []),
    ...attackFacts(input),
  ];
  const lead = opened.length
    ? 'No: one cipher picture gives the key.'
    : cell && cell.recovered > 50
      ? `No: ${cell.queries} chosen pictures open all others.`
      : broken
        ? 'No: the attacks below open it.'
        : attacks.length
          ? 'No attack of this run succeeded.'
          : 'Not tested in this run.';
  const bad = opened.length > 0 || broken || (cell?.recovered ?? 0) > 50;
  return answer({
    id: 'protect',
    question: 'Does it protect?',
    lead,
    verdict: bad ? 'bad' : 'note',
    inner: `${await proof(input)}<ul>${facts.map((fact) => `<li>${html(fact)}</li>`).join('')}</ul>
<p><a href="#attacks">All attacks</a></p>`,
  });
}

const percent = (share: number): string => `${Number(share.toPrecision(4))} %`;

const attackFacts = ({ attacks }: ReportInput): string[] =>
  tallies(attacks).map((tally) => `The ${tally.scheme} scheme: ${tallyText(tally)}.`);

/** Plain, cipher, and what an attacker made of the cipher: from it alone where the run searched, else by queries. */
async function proof({ recovered, pictures, results, folder }: ReportInput): Promise<string> {
  const best = recovered.find(({ pictures: files }) => files.recovered !== null);
  if (best) {
    const { plain, cipher, recovered: got } = best.pictures;
    const rasters = await Promise.all([plain, cipher, got!].map((file) => readPicture(join(folder, file))));
    return strip(best.image, ['plain', 'cipher', 'recovered from the cipher alone'], rasters);
  }
  const picture = pictures.find(({ attacked }) => attacked);
  const image = results.images.find(({ id }) => id === picture?.image);
  if (!picture || !image) return '';
  const rasters = (['plain', 'cipher', 'attacked'] as const).map((name) =>
    shownRaster(image, name, picture[name]!),
  );
  return strip(picture.image, ['plain', 'cipher', 'recovered by the attacker'], rasters);
}

async function strip(
  image: string,
  names: readonly string[],
  rasters: readonly (Parameters<typeof thumbnail>[0] | null)[],
): Promise<string> {
  const items = await Promise.all(
    names.map(async (name, i) => {
      const raster = rasters[i];
      if (!raster) return '';
      const uri = await thumbnail(raster, name === 'cipher');
      return `<figure><img src="${uri}" alt="${html(`${imageLabel(image)}, ${name}`)}"><figcaption>${name}</figcaption></figure>`;
    }),
  );
  return `<div class="proof">${items.join('')}</div>\n`;
}

/** Rows with a network beside rows of the same maps without one. */
function network({ tables, results }: ReportInput): string {
  const scores = scoresOf(tables);
  const isNetwork = ({ method }: TidyRow): boolean => networkMethods.includes(method as never);
  const [withIt, without] = [scores.filter(isNetwork), scores.filter((row) => !isNetwork(row))];
  if (withIt.length === 0 || without.length === 0)
    return answer({
      id: 'network',
      question: 'What does the network add?',
      lead: 'Not measured in this run.',
      verdict: 'note',
      inner: '',
    });
  const times = results.cells
    .filter(({ seconds: s }) => s.inference > 0)
    .map(({ seconds: s }) => s.inference)
    .sort((a, b) => a - b);
  return answer({
    id: 'network',
    question: 'What does the network add?',
    lead: 'No protection: it only picks the key.',
    verdict: 'bad',
    inner: `${rates(withIt, without)}
<ul><li>The network is public. The secret is one date and time.</li>
${times.length ? `<li>It takes ${seconds(times[Math.floor(times.length / 2)]!)} a picture (median).</li>` : ''}</ul>`,
  });
}

function rates(withIt: readonly TidyRow[], without: readonly TidyRow[]): string {
  const row = (label: string, own: readonly TidyRow[]): string => {
    const fine = own.filter(({ z }) => !isOutlier(z)).length;
    return `<tr><th scope="row">${label}</th><td><strong>${fine} of ${own.length}</strong> ${bar(fine, own.length)}</td></tr>`;
  };
  return `<table class="score"><caption>Statistics as noise would give (within 3 standard deviations)</caption><thead class="unseen"><tr><th scope="col">Key</th><th scope="col">As noise</th></tr></thead><tbody>
${row('With a network', withIt)}
${row('Fixed parameters', without)}
</tbody></table>`;
}
