/** The summary: the outcome in plain words first, then what ran, then every finding with its verdict. */
import { type Finding, findingsOf } from '../tables/findings.ts';
import { definitions, html } from './html-parts.ts';
import { outcomeOf } from './outcome.ts';
import type { ReportInput, Section } from './section.ts';

const verdictWords = { good: 'As due', bad: 'Defect', note: 'Note' } as const;

export const summarySection: Section = {
  id: 'summary',
  title: 'Summary',
  render: (input) => {
    const { results, tables } = input;
    const outcome = outcomeOf(input).map(
      ({ id, head, text }) => `<li id="outcome-${id}"><strong>${html(head)}</strong> ${html(text)}</li>`,
    );
    const label = results.training.some((run) => run.undertrained)
      ? '<p><span class="label">Undertrained networks</span></p>'
      : '';
    return `${label}<ul class="outcome">${outcome.join('\n')}</ul>
<h3>What ran</h3>${definitions(facts(input))}
<h3>Findings</h3><ul class="findings">${findingsOf(results, tables).map(item).join('\n')}</ul>`;
  },
};

const item = ({ id, verdict, text }: Finding): string =>
  `<li id="finding-${html(id)}"><span class="verdict ${verdict}">${verdictWords[verdict]}</span>${html(text)}</li>`;

function facts({ results, attacks }: ReportInput): [string, string][] {
  const { images, cells, training, profile, preset, channels, seed, peers } = results;
  const methods = new Set(cells.map((cell) => cell.method)).size;
  const engines = [...new Set(training.map((run) => run.engine))].join(', ') || 'none';
  const schemes = [...new Set(attacks.map(({ scheme }) => scheme))].join(' and ');
  return [
    ['Ran', `${images.length} images, ${methods} methods, ${cells.length} pairs encrypted and decrypted`],
    ['Profile and preset', `${profile}, ${preset}; channels ${channels}; seed ${seed}`],
    ['Networks', `${training.length} trained; engine ${engines}`],
    ['Measured beside', peers ? peers.ciphers.map(({ name }) => name).join('; ') : 'no other cipher'],
    ['Attacks', attacks.length ? `${attacks.length} run, scheme ${schemes}` : 'none run'],
  ];
}
