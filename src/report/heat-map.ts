/** Two heat maps in place of long lists: the tests of the published Table 5, and the ciphers beside the attacks. */
import type { AuditResult, AuditTest } from '../metrics/audit.ts';
import { type AuditedRow, auditTable5 } from '../tables/findings.ts';
import { imageLabel, labelsOf, methodLabel } from '../tables/labels.ts';
import { methodIds, type PeerCell, type ReproductionResults, sampleIds } from '../tables/results.ts';
import { html } from './html-parts.ts';

/** 0 nothing off, 1 to 4: the farther off, the darker. */
type Level = 0 | 1 | 2 | 3 | 4;

interface HeatCell {
  readonly text: string;
  readonly level: Level;
  readonly tip?: string;
}

interface HeatMap {
  readonly id: string;
  readonly name: string;
  readonly heads: readonly string[];
  readonly lines: readonly { readonly head: readonly string[]; readonly cells: readonly HeatCell[] }[];
}

function heatMap({ id, name, heads, lines }: HeatMap): string {
  const rows = lines.map(({ head: [first, ...rest], cells }) => {
    const more = rest.map((text) => `<span>${html(text)}</span>`).join(' ');
    return `<tr><th scope="row">${html(first!)} ${more}</th>${cells.map(heatCell).join('')}</tr>`;
  });
  return `<div class="scroll" role="region" aria-label="${html(name)}" tabindex="0">
<table class="heat" id="${id}"><caption class="unseen">${html(name)}</caption>
<thead><tr>${heads.map((head) => `<th scope="col">${html(head)}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>`;
}

const heatCell = ({ text, level, tip }: HeatCell): string =>
  `<td class="heat${level}"${tip ? ` title="${html(tip)}"` : ''}>${html(text)}</td>`;

const testNames: readonly (readonly [AuditTest, string])[] = [
  ['npcr', 'NPCR'],
  ['entropy', 'Entropy'],
  ['residual', 'UACI from MSE'],
  ['psnr', 'PSNR from MSE'],
];

/** Rows of the paper's Table 5 that cannot be right: one line for each test and sample, a column for each method. */
export function auditMap(): string {
  const rows = auditTable5();
  const bad = rows.filter(({ results }) => results.some(({ passed }) => !passed)).length;
  const lines = testNames.flatMap(([test, name]) =>
    sampleIds.map((image) => ({
      head: [name, imageLabel(image)],
      cells: methodIds.map((method) => auditCell(rows, test, image, method)),
    })),
  );
  return `<p class="caption">${bad} of ${rows.length} rows of the published Table 5 contradict an ideal cipher of their size, or themselves. NPCR and entropy: against uniform bytes; UACI and PSNR: against the MSE of the same row. The number is the distance beyond rounding: standard deviations, for PSNR dB; marked from 3 standard deviations on. Samples are taken as RGB. No number of ours is in this map.</p>
${heatMap({ id: 'audit-map', name: 'Tests of the published Table 5', heads: ['Test, sample', ...methodIds.map(methodLabel)], lines })}`;
}

function auditCell(rows: readonly AuditedRow[], test: AuditTest, image: string, method: string): HeatCell {
  const row = rows.find((one) => one.image === image && one.method === method);
  const result = row?.results.find((one) => one.test === test);
  if (!result) return { text: '–', level: 0 };
  const { excess, passed, value, expected } = result;
  const digits = result.sd === null ? 3 : 1;
  const text = passed ? 'fits' : `${excess > 0 ? '+' : '−'}${Math.abs(excess).toFixed(digits)}`;
  return { text, level: auditLevel(result), tip: `printed ${value}, expected ${expected.toPrecision(7)}` };
}

const auditLevel = ({ passed, sd, excess }: AuditResult): Level => {
  if (passed) return 0;
  if (sd === null) return 2;
  const far = Math.abs(excess);
  return far < 5 ? 1 : far < 10 ? 2 : far < 20 ? 3 : 4;
};

const columns: readonly (readonly [string, (cell: PeerCell) => HeatCell])[] = [
  ['2 chosen images give back', ({ chosenPlaintext }) => recovered(chosenPlaintext.recovered?.value ?? null)],
  ['2 known images give back', ({ knownPlaintext }) => recovered(knownPlaintext.recovered?.value ?? null)],
  ['3 cipher images predict of a fourth', withPlanes],
  ['NPCR, one sample changed', ({ differential }) => spread(differential.npcr)],
  ['UACI, one sample changed', ({ differential }) => spread(differential.uaci)],
];

/** Every cipher that the run measured beside the attacks that apply to it; the worst of the images. */
export function peerMap(results: ReproductionResults): string {
  const cells = results.peers?.cells ?? [];
  if (cells.length === 0) return '';
  const labelOf = labelsOf(results);
  const lines = [...new Set(cells.map(({ method }) => method))].map((method) => {
    const own = cells.filter((cell) => cell.method === method);
    return {
      head: [labelOf(method)],
      cells: columns.map(([, of]) => own.map(of).reduce((a, b) => (b.level > a.level ? b : a))),
    };
  });
  return `<p class="caption">The worst of the ${new Set(cells.map(({ image }) => image)).size} images. Recovered and predicted: samples, in percent; guessing gives 0.4 %. “–”: the attack does not apply to the cipher, which says nothing for it.</p>
${heatMap({ id: 'peer-map', name: 'Ciphers and attacks', heads: ['Cipher', ...columns.map(([name]) => name)], lines })}`;
}

/** Whole bit planes beside the share of the samples. */
function withPlanes({ predicted, predictedPlanes = [] }: PeerCell): HeatCell {
  const cell = recovered(predicted.value);
  const whole = [...predictedPlanes.entries()].filter(([, share]) => share === 100).map(([plane]) => plane);
  if (whole.length === 0 || predicted.value === 100) return cell;
  return { text: `${cell.text}, all of bit planes ${whole.join(', ')}`, level: 4 };
}

const recovered = (percent: number | null): HeatCell =>
  percent === null
    ? { text: '–', level: 0 }
    : { text: `${Number(percent.toPrecision(4))} %`, level: percent > 50 ? 4 : percent > 1 ? 2 : 0 };

function spread({ value, z }: PeerCell['differential']['npcr']): HeatCell {
  const far = Math.abs(z ?? 0);
  return {
    text: `${value === null ? '–' : Number(value.toPrecision(4))} %`,
    level: far <= 3 ? 0 : far < 10 ? 2 : 4,
  };
}
