/** Findings from the numbers of a run and of the paper. Every sentence is computed. */
import type { AuditResult } from '../metrics/audit.ts';
import { metrics } from '../metrics/metrics.ts';
import { auditOf, rowsOfTable5 } from './audit-rows.ts';
import { isOutlier } from './format.ts';
import { imageLabel, type LabelOf, labelsOf, methodLabel } from './labels.ts';
import { measureName } from './measures.ts';
import { type Measured, methodIds, type PeerCell, type ReproductionResults } from './results.ts';
import type { TidyRow } from './rows.ts';
import type { Table } from './tables.ts';

export interface Finding {
  /** Short and stable, for tests and links. */
  readonly id: string;
  /** strong: an attacker wins; bad: a defect; note: a fact that limits other numbers; good: no defect. */
  readonly verdict: 'strong' | 'bad' | 'note' | 'good';
  readonly text: string;
}

/** Findings about the run first, about the published rows after. */
export function findingsOf(results: ReproductionResults, tables: readonly Table[]): Finding[] {
  const own = [
    undertrained(results),
    exactness(results),
    outliers(tables),
    ...failingMethods(tables),
    speed(tables),
    ...peerFindings(results),
  ];
  return [...own, ...publishedFindings()].filter((finding) => finding !== null);
}

function undertrained({ training }: ReproductionResults): Finding | null {
  const short = training.filter((run) => run.undertrained);
  if (short.length === 0) return null;
  const engines = [...new Set(short.map((run) => run.engine))].join(', ');
  const names = short.map((run) => methodLabel(`${run.map}+${run.net}`)).join(', ');
  return {
    id: 'undertrained',
    verdict: 'note',
    text: `Undertrained networks (${short.length} of ${training.length}, engine ${engines}): ${names}. The parameters they predict are valid keys, their validation errors are not the method's.`,
  };
}

function exactness({ cells }: ReproductionResults): Finding {
  const wrong = cells.filter((cell) => cell.decryptedMse !== 0);
  return wrong.length === 0
    ? {
        id: 'exact',
        verdict: 'good',
        text: `Decryption is exact for all ${cells.length} image and method pairs.`,
      }
    : {
        id: 'exact',
        verdict: 'bad',
        text: `Decryption is not exact for ${wrong.length} of ${cells.length} pairs: ${wrong.map(nameOf).join('; ')}.`,
      };
}

const nameOf = ({ image, method }: { image: string; method: string }): string =>
  `${imageLabel(image)}, ${methodLabel(method)}`;

const share = 0.0027; // two-sided tail beyond 3 standard deviations

/** UACI, MSE and PSNR move together, entropy and chi-square too: MSE and entropy count for them. */
const counted = (measure: string): boolean =>
  measure in metrics && metrics[measure]!.table !== null && !metrics[measure]!.follows;

/** The scores to count: statistics of the paper's six methods. */
export const scoresOf = (tables: readonly Table[]): TidyRow[] =>
  tables
    .flatMap((table) => table.rows)
    .filter(
      ({ z, measure, method }) => z !== null && counted(measure) && methodIds.includes(method as never),
    );

/** More than chance gives: P(Poisson(expected) >= failed) < 0.001. */
function tooMany(failed: number, scores: number): boolean {
  const expected = share * scores;
  let term = Math.exp(-expected);
  let below = 0;
  for (let k = 0; k < failed; k++) {
    below += term;
    term *= expected / (k + 1);
  }
  return 1 - below < 0.001;
}

/** How many of our z-scores lie beyond 3, against the number that chance gives; the worst first. */
function outliers(tables: readonly Table[]): Finding {
  const scores = scoresOf(tables);
  const beyond = scores.filter((row) => isOutlier(row.z)).sort((a, b) => Math.abs(b.z!) - Math.abs(a.z!));
  const worst = beyond
    .slice(0, 3)
    .map((row) => `${measureName(row.measure)} of ${nameOf(row)} at z = ${row.z!.toFixed(1)}`);
  const tail = worst.length ? `; worst: ${worst.join('; ')}.` : '.';
  const chance = (scores.length * share).toFixed(1);
  const text = `${beyond.length} of our ${scores.length} z-scores lie beyond 3, chance alone gives about ${chance} (UACI, MSE and PSNR of one pair counted once, entropy and χ² too)${tail}`;
  return { id: 'outliers', verdict: tooMany(beyond.length, scores.length) ? 'bad' : 'good', text };
}

/** Which of the six methods fails by itself. */
function failingMethods(tables: readonly Table[]): Finding[] {
  return methodIds.flatMap((method): Finding[] => {
    const own = scoresOf(tables).filter((row) => row.method === method);
    const failed = own.filter((row) => isOutlier(row.z)).length;
    if (!tooMany(failed, own.length)) return [];
    const text = `${methodLabel(method)} is no ideal cipher here: ${failed} of its ${own.length} z-scores lie beyond 3.`;
    return [{ id: `method-${method}`, verdict: 'bad', text }];
  });
}

function speed(tables: readonly Table[]): Finding | null {
  const row = tables
    .flatMap((table) => table.rows)
    .find((r) => r.measure === 'encrypt_s' && r.method === 'proposed' && r.image === '512x512');
  if (!row?.ours || !row.published) return null;
  const ratio = (row.published / row.ours).toPrecision(2);
  return {
    id: 'speed',
    verdict: 'note',
    text: `Encrypting 512×512 takes ${row.ours.toFixed(4)} s here (median over the methods with a network) against ${row.published} s published, on another machine and of unstated scope: ${Number(ratio)} times.`,
  };
}

/** Tests of plain against cipher. */
const testNames = {
  residual: 'UACI and MSE of one row contradict each other (residual test)',
  entropy: 'the entropy is not that of uniform bytes',
  npcr: 'NPCR is not that of uniform bytes',
  psnr: 'PSNR does not follow from MSE',
};

type Test = keyof typeof testNames;

export interface AuditedRow {
  readonly image: string;
  readonly method: string;
  readonly results: readonly AuditResult[];
}

/** Table 5 of the paper under src/metrics/audit.ts, its samples taken as RGB at the published sizes. */
export const auditTable5 = (): AuditedRow[] =>
  rowsOfTable5().map((row) => ({ ...row.label, results: auditOf(row).results }));

function publishedFindings(): Finding[] {
  const rows = auditTable5();
  return (Object.keys(testNames) as Test[]).map((test): Finding => {
    const failed = rows.filter(({ results }) => results.some((r) => r.test === test && !r.passed));
    const head = `Published Table 5: ${testNames[test]} in ${failed.length} of ${rows.length} cells`;
    const worst = [...failed].sort((a, b) => Math.abs(excess(b, test)) - Math.abs(excess(a, test)))[0];
    const tail = worst ? `; worst: ${nameOf(worst)} (${excessOf(worst, test)}).` : '.';
    return { id: `published-${test}`, verdict: failed.length > 0 ? 'bad' : 'note', text: head + tail };
  });
}

const resultOf = ({ results }: AuditedRow, test: Test): AuditResult => results.find((r) => r.test === test)!;
const excess = (row: AuditedRow, test: Test): number => resultOf(row, test).excess;

function excessOf(row: AuditedRow, test: Test): string {
  const { excess, sd } = resultOf(row, test);
  const sign = excess > 0 ? '+' : '−';
  return `${sign}${Math.abs(excess).toFixed(sd === null ? 3 : 1)} ${sd === null ? 'dB' : 'sd'}`;
}

/** The hardened scheme and the peers beside the paper's scheme; none for a run without peers. */
function peerFindings(results: ReproductionResults): Finding[] {
  const cells = results.peers?.cells ?? [];
  if (cells.length === 0) return [];
  const labelOf = labelsOf(results);
  return [
    peersExactness(cells, labelOf),
    attacked(cells, labelOf),
    predicted(cells, labelOf),
    spread(cells, labelOf),
  ];
}

/** More ciphers than these are only counted: the map of the report has all. */
const mostNamed = 4;

function named(cells: readonly PeerCell[], labelOf: LabelOf): string {
  const names = [...new Set(cells.map(({ method }) => labelOf(method)))];
  const more = names.length - mostNamed;
  return `${names.slice(0, mostNamed).join('; ') || 'none'}${more > 0 ? `; and ${more} more` : ''}`;
}

function peersExactness(cells: readonly PeerCell[], labelOf: LabelOf): Finding {
  const wrong = cells.filter(({ decryptedMse }) => decryptedMse !== 0);
  const text = wrong.length
    ? `Ciphers measured beside the paper's: decryption is not exact for ${named(wrong, labelOf)}.`
    : `Ciphers measured beside the paper's: decryption is exact for all ${cells.length} image and cipher pairs.`;
  return { id: 'peers-exact', verdict: wrong.length ? 'bad' : 'good', text };
}

const recovers = ({ recovered }: PeerCell['chosenPlaintext']): boolean => (recovered?.value ?? 0) > 50;

function attacked(cells: readonly PeerCell[], labelOf: LabelOf): Finding {
  const fallen = cells.filter((c) => recovers(c.chosenPlaintext) || recovers(c.knownPlaintext));
  const methods = new Set(fallen.map(({ method }) => method));
  const others = cells.filter(({ method }) => !methods.has(method));
  return {
    id: 'peers-attacked',
    verdict: fallen.length > 0 ? 'strong' : 'note',
    text: `Two chosen or known images give back more than half of an unseen one: ${named(fallen, labelOf)}. These attacks do not apply to, and say nothing for: ${named(others, labelOf)}.`,
  };
}

function predicted(cells: readonly PeerCell[], labelOf: LabelOf): Finding {
  const affine = cells.filter((cell) => cell.predicted.value === 100);
  return {
    id: 'peers-predicted',
    verdict: affine.length > 0 ? 'strong' : 'note',
    text: `Three cipher images predict every sample of a fourth: ${named(affine, labelOf)}. They predict whole bit planes, the lowest being 0: ${planesNamed(cells, labelOf)}.`,
  };
}

/** `3D cat map (0, 1)`. */
function planesNamed(cells: readonly PeerCell[], labelOf: LabelOf): string {
  const some = cells.flatMap(({ method, predicted, predictedPlanes = [] }) => {
    const whole = [...predictedPlanes.entries()].filter(([, share]) => share === 100);
    return predicted.value === 100 || whole.length === 0
      ? []
      : [`${labelOf(method)} (${whole.map(([plane]) => plane).join(', ')})`];
  });
  return [...new Set(some)].join('; ') || 'none';
}

/** One changed sample reaches the whole cipher image, or not. */
function spread(cells: readonly PeerCell[], labelOf: LabelOf): Finding {
  const off = ({ z }: Measured): boolean => isOutlier(z);
  const short = cells.filter(({ differential }) => off(differential.npcr) || off(differential.uaci));
  return {
    id: 'peers-spread',
    verdict: short.length > 0 ? 'bad' : 'note',
    text: `One changed sample does not change the cipher image as noise would, by NPCR or UACI beyond 3 standard deviations: ${named(short, labelOf)}.`,
  };
}
