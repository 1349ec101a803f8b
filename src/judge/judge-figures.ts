/** The figures of a judgement: recovered shares, NPCR by the place of the change, and time over pixels. */
import { colors, type Figure } from '../report/figure.ts';
import type { Judgement } from './judgement.ts';

export function figuresOf(judgement: Judgement): Figure[] {
  return [placesFigure(judgement), speedFigure(judgement)].filter((figure) => figure !== null);
}

function placesFigure({ properties: { differential, keySensitivity } }: Judgement): Figure | null {
  const panels = [
    { title: 'one sample of the picture', spread: differential },
    { title: 'one bit of the key', spread: keySensitivity },
  ].flatMap(({ title, spread }) =>
    spread && spread.rows.length > 0
      ? [
          {
            title,
            x: { title: 'change' },
            y: { title: 'NPCR, %', range: [0, 100] as const },
            series: [
              {
                kind: 'points' as const,
                name: 'measured',
                x: spread.rows.map((_, k) => k + 1),
                y: spread.rows.map(({ npcr }) => npcr),
                color: colors.vermilion,
              },
              {
                kind: 'lines' as const,
                name: 'ideal',
                x: [1, spread.rows.length],
                y: [99.609375, 99.609375],
                color: colors.green,
                dashed: true,
              },
            ],
          },
        ]
      : [],
  );
  if (panels.length === 0) return null;
  return {
    id: 'changes',
    title: 'What one small change does',
    caption:
      'Share of cipher samples that change with one sample of the picture, and with one bit of the key. An ideal cipher changes 99.61 %.',
    alt: 'NPCR of each small change beside the ideal 99.61 %',
    columns: 2,
    panels,
    legend: true,
  };
}

function speedFigure({ speed, cipher }: Judgement): Figure | null {
  if (!speed || speed.rows.length < 2) return null;
  const x = speed.rows.map(({ samples }) => samples);
  return {
    id: 'speed',
    title: 'Time over samples',
    caption:
      'Median time of encrypting one picture; both axes logarithmic. A program pays its start each time.',
    alt: 'time of the cipher and of AES-256-GCM over the number of samples',
    columns: 1,
    legend: true,
    panels: [
      {
        title: '',
        x: { title: 'samples', log: true },
        y: { title: 'seconds', log: true },
        series: [
          {
            kind: 'lines',
            name: cipher,
            x,
            y: speed.rows.map((row) => row.encryptSeconds),
            color: colors.vermilion,
          },
          {
            kind: 'lines',
            name: 'AES-256-GCM',
            x,
            y: speed.rows.map((row) => row.aesSeconds),
            color: colors.blue,
          },
        ],
      },
    ],
  };
}
