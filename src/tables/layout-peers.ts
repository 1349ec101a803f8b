/** Tables under the paper's own rows of Table 7: the hardened scheme and the peers, with their results. */
import { fixed, isOutlier } from './format.ts';
import { imageLabel, type LabelOf } from './labels.ts';
import {
  distinct,
  emptyCell,
  type Find,
  finder,
  idealCell,
  isPapers,
  type Layout,
  type LayoutCell,
  type Line,
  measuresOf,
  oursCell,
  publishedCell,
  zCell,
} from './layout.ts';
import { measureLabel } from './measures.ts';
import type { TidyRow } from './rows.ts';

/** The eight measures of the ciphers that are none of the paper's: a group per image, ours and z by cipher. */
export function layoutPeers(rows: readonly TidyRow[], labelOf: LabelOf): Layout {
  const find = finder(rows);
  const measures = measuresOf(rows);
  const peers = rows.filter(({ method }) => !isPapers(method));
  const lines = distinct(peers.map((r) => r.image)).flatMap((image) =>
    distinct(peers.filter((r) => r.image === image).map((r) => r.method)).flatMap((method, i): Line[] => {
      const found = measures.map((measure) => find(measure, image, method));
      const heads = [imageLabel(image), labelOf(method)];
      return [
        { heads: [...heads, 'ours'], cells: found.map(oursCell), opens: i === 0 },
        { heads: [...heads, 'z'], cells: found.map(zCell), opens: false },
      ];
    }),
  );
  return { heads: ['Image', 'Method', ''], columns: measures.map(measureLabel), lines };
}

/** One sample changed, and the attacks: the references' published differential rows, then ours. */
export function layoutSecurity(rows: readonly TidyRow[], labelOf: LabelOf): Layout {
  const find = finder(rows);
  const lines = distinct(rows.map((r) => r.image)).flatMap((image): Line[] => {
    const of = rows.filter((r) => r.image === image);
    const references = distinct(of.map((r) => r.method)).filter((method) => method.startsWith('ref'));
    const measured = distinct(of.filter((r) => r.measure === 'predicted').map((r) => r.method));
    const line = (name: string, cells: LayoutCell[]): Line => {
      return { heads: [imageLabel(image), name], cells, opens: false };
    };
    const group = [
      ...references.map((id) => line(`${labelOf(id)}, published`, quotedCells(image, id, find))),
      ...measured.map((id) => line(labelOf(id), securityCells(image, id, find))),
      line('Ideal cipher', idealCells(image, measured, find)),
    ];
    return group.map((l, i) => ({ ...l, opens: i === 0 }));
  });
  return {
    heads: ['Image', 'Method'],
    columns: [
      'NPCR, one sample changed, %',
      'z',
      'UACI, one sample changed, %',
      'z',
      'Recovered by chosen plaintext, %',
      'Recovered by known plaintext, %',
      'Fourth cipher predicted from three, %',
      'Of its bit planes, predicted',
    ],
    lines,
  };
}

/** Of a reference the two that compare two cipher images. */
const quotedCells = (image: string, method: string, find: Find): LayoutCell[] => [
  publishedCell(find('npcr', image, method)),
  emptyCell,
  publishedCell(find('uaci', image, method)),
  emptyCell,
  ...[emptyCell, emptyCell, emptyCell, emptyCell],
];

function securityCells(image: string, method: string, find: Find): LayoutCell[] {
  const [npcr, uaci] = ['npcr_differential', 'uaci_differential'].map((m) => find(m, image, method));
  return [
    percentCell(npcr),
    zCell(npcr),
    percentCell(uaci),
    zCell(uaci),
    attackCell(find('chosen_plaintext', image, method)),
    attackCell(find('known_plaintext', image, method)),
    attackCell(find('predicted', image, method)),
    planesCell(find('predicted_planes', image, method)),
  ];
}

/** One sample of a million is 0.0001 %: three digits of small values. */
function percentCell(row: TidyRow | undefined): LayoutCell {
  const cell = oursCell(row);
  if (!row?.ours || row.ours >= 0.1) return cell;
  return { ...cell, text: fixed(row.ours, 2 - Math.floor(Math.log10(row.ours))) };
}

/** Any plane is one too many. */
const planesCell = (row: TidyRow | undefined): LayoutCell => ({
  ...oursCell(row),
  outlier: (row?.ours ?? 0) > 0,
});

/** More than guessing gives: marked. Without a value the attack does not apply. */
function attackCell(row: TidyRow | undefined): LayoutCell {
  if (row?.ours === null) return { text: 'not attacked', kind: 'none', row, outlier: false };
  return { ...oursCell(row), outlier: isOutlier(row?.z ?? null) && row!.z! > 0 };
}

function idealCells(image: string, methods: readonly string[], find: Find): LayoutCell[] {
  const cell = (measure: string): LayoutCell => idealCell(methods.map((m) => find(measure, image, m)));
  return [
    cell('npcr_differential'),
    emptyCell,
    cell('uaci_differential'),
    emptyCell,
    cell('predicted'),
    cell('predicted'),
    cell('predicted'),
    emptyCell,
  ];
}
