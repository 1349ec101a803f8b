/** The measures of one cipher image as a table of text: the command `metrics`. */
import { pText } from '../metrics/p-value.ts';
import { type MetricsResult, sections, type Verdict } from '../metrics/sections.ts';
import { columns, meanSd } from './format.ts';

const words = { ideal: 'as an ideal cipher', off: 'NOT as an ideal cipher', none: '-' } as const;

/** A table of value, expectation, z, p and verdict, in sections. */
export function describeCell(result: MetricsResult): string {
  const { width, height, channels, depth, samples, level, measures, notMeasured, equalChannels } = result;
  const heads = ['measure', 'value', 'ideal mean ± sd', 'z', 'p', `verdict (two-sided ${level})`];
  const [head, ...lines] = columns([heads, ...measures.map(cells)]);
  return [
    `${width}x${height}, ${channels} channels of ${depth} bits: ${samples} samples`,
    ...(equalChannels ? ['grey, stored as RGB: all channels are equal, so one plane is measured'] : []),
    head!,
    ...measures.flatMap((measure, at) => [
      ...(measure.section === measures[at - 1]?.section ? [] : titleOf(measure.section)),
      lines[at]!,
      ...(measure.remark ? [`    ${measure.remark}`] : []),
    ]),
    '',
    ...notMeasured.map(({ section, why }) => `not measured: ${section}: ${why}`),
    manyTests(result),
    'UACI, MSE and PSNR of plain against cipher describe the picture; passing does not show security.',
  ].join('\n');
}

const titleOf = (section: string): string[] => ['', `${section}: ${sections[section]!.title}`];

const cells = (m: Verdict): string[] => [
  m.name,
  m.value === null ? 'none' : `${readable(m.value)}${m.unit && ` ${m.unit}`}`,
  m.expected === null ? '-' : ideal(m.expected, m.sd!),
  m.z === null ? '-' : m.z.toFixed(2),
  m.p === null ? '-' : pText(m.p),
  m.note ?? words[m.verdict],
];

/** Fixed decimals while they show the sd: that of the GLCM's energy is 1e-10 for large images. */
const ideal = (mean: number, sd: number): string =>
  sd > 0 && sd < 1e-7 ? `${mean.toPrecision(7)} ± ${sd.toExponential(1)}` : meanSd(mean, sd, 4);

const readable = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(9))) : 'infinite';

/** The caveat of many tests at once; the mean holds however the measures hang together. */
function manyTests({ judged, off, expectedOff, level, smallestP }: MetricsResult): string {
  if (smallestP === null) return 'No measure here has an expectation.';
  const mean = Number(expectedOff.toPrecision(2));
  return `${off} of ${judged} measures lie outside; an ideal cipher fails ${mean} of ${judged} on average at level ${level}. Smallest p ${pText(smallestP)}; over all (Bonferroni) ${pText(level / judged)} would be needed. UACI, MSE, PSNR and MAE count once; so do entropy, chi-square and variance.`;
}
