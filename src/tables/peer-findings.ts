/** What the hardened scheme and the peers show beside the paper's scheme. Every sentence is computed. */
import type { Finding } from './findings.ts';
import { isOutlier } from './format.ts';
import { type LabelOf, labelsOf } from './labels.ts';
import type { Measured, PeerCell, ReproductionResults } from './results.ts';

/** None for a run without peers. */
export function peerFindings(results: ReproductionResults): Finding[] {
  const cells = results.peers?.cells ?? [];
  if (cells.length === 0) return [];
  const labelOf = labelsOf(results);
  return [
    exactness(cells, labelOf),
    attacked(cells, labelOf),
    predicted(cells, labelOf),
    spread(cells, labelOf),
  ];
}

const named = (cells: readonly PeerCell[], labelOf: LabelOf): string =>
  [...new Set(cells.map(({ method }) => labelOf(method)))].join('; ') || 'none';

function exactness(cells: readonly PeerCell[], labelOf: LabelOf): Finding {
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
    verdict: 'note',
    text: `Two chosen or known images give back more than half of an unseen one: ${named(fallen, labelOf)}. These attacks do not apply to, and say nothing for: ${named(others, labelOf)}.`,
  };
}

function predicted(cells: readonly PeerCell[], labelOf: LabelOf): Finding {
  const affine = cells.filter((cell) => cell.predicted.value === 100);
  return {
    id: 'peers-predicted',
    verdict: 'note',
    text: `Three cipher images predict every sample of a fourth: ${named(affine, labelOf)}.`,
  };
}

/** One changed sample reaches the whole cipher image, or not. */
function spread(cells: readonly PeerCell[], labelOf: LabelOf): Finding {
  const off = ({ z }: Measured): boolean => isOutlier(z);
  const short = cells.filter(({ differential }) => off(differential.npcr) || off(differential.uaci));
  return {
    id: 'peers-spread',
    verdict: 'note',
    text: `One changed sample does not change the cipher image as noise would, by NPCR or UACI beyond 3 standard deviations: ${named(short, labelOf)}.`,
  };
}
