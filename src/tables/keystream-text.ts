/** The keystream study as two tables of text: the maps, and each with each quantiser. */
import { columns } from './format.ts';
import type { CycleFound, StudyResult } from './keystream-results.ts';

const verdicts = { consistent: 'consistent', rejected: 'NOT random', none: 'none' } as const;

export function describeStudy({ out, size, maps, keystreams }: StudyResult): string {
  const precisions = maps[0]!.cycles.map(({ precision }) => `cycle ${precision}`);
  const mapRows = maps.map((m) => [
    m.map,
    m.params.join(', '),
    m.lyapunov.map((value) => value.toFixed(3)).join(' '),
    m.zeroOne.toFixed(3),
    m.permutationEntropy.toFixed(3),
    ...m.cycles.map(cycleText),
  ]);
  const streamRows = keystreams.map((k) => [
    k.map,
    k.quantiser,
    verdicts[k.verdict],
    k.subTests === undefined ? '-' : `${k.outside}/${k.subTests} (${k.expectedOutside!.toFixed(1)})`,
    k.passed === undefined ? '-' : k.passed.toFixed(4),
    k.rejectedBy?.join(', ') || '-',
    k.error ?? (k.failedTests!.join(' ') || '-'),
  ]);
  return [
    ...columns([['map', 'parameters', 'Lyapunov', '0-1 K', 'perm. entropy', ...precisions], ...mapRows]),
    'cycle: median steps over the starts, and how many fall to a fixed point.',
    '',
    `${size.sequences} sequences of ${size.bits.toLocaleString('en')} bits each`,
    ...columns([
      ['map', 'quantiser', 'verdict at 0.01', 'outside (ideal)', 'p >= 0.01', 'rejected by', 'tests outside'],
      ...streamRows,
    ]),
    `each verdict is at 0.01 for one keystream: of ${keystreams.length} ideal ones ${(0.01 * keystreams.length).toFixed(2)} would be called not random.`,
    'Passing SP 800-22 does not show security: who has the parameters has the keystream.',
    `study: ${out}`,
  ].join('\n');
}

function cycleText({ median, limit, fixedPoints, starts }: CycleFound): string {
  const length = median === null ? `> ${limit.toLocaleString('en')}` : median.toLocaleString('en');
  return fixedPoints > 0 ? `${length} (${fixedPoints}/${starts} fixed)` : length;
}
