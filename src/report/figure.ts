/** What a figure is before anybody draws it: panels of series. Plotly specs and SVG files are made from it. */

/** `rows`: bars that lie, each beside its name. */
type SeriesKind = 'points' | 'lines' | 'area' | 'bars' | 'rows';

export interface Series {
  readonly kind: SeriesKind;
  readonly name: string;
  /** Categories of bars may hold line breaks; rows are named by x and as long as y. */
  readonly x: readonly (number | string)[];
  readonly y: readonly number[];
  readonly color: string;
  readonly dashed?: boolean;
  /** Of lines: thin and pale, behind the others. */
  readonly faint?: boolean;
  /** Of lines in a page: the text that shows on hover. */
  readonly note?: string;
  /** Shape of few, large points; `dot` for clouds. */
  readonly symbol?: 'dot' | 'circle' | 'square' | 'diamond';
}

export interface Axis {
  readonly title: string;
  readonly log?: boolean;
  /** A tick for each whole number, for few of them. */
  readonly whole?: boolean;
  readonly range?: readonly [number, number];
}

export interface Panel {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Bars of one panel are stacked in the order of the series. Of rows, x is the axis of lengths. */
  readonly series: readonly Series[];
}

export interface Figure {
  /** File name and element id. */
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  /** What a reader who cannot see the figure should know. */
  readonly alt: string;
  /** Panels per row. */
  readonly columns: number;
  /** Height of a panel in CSS pixels, where the usual one holds too little. */
  readonly panelHeight?: number;
  readonly panels: readonly Panel[];
  /** One legend for all panels. */
  readonly legend: boolean;
}

/** Okabe and Ito 2008: distinct with any colour vision, at least 3:1 on the report's light and dark grounds. */
export const colors = {
  blue: '#0072B2',
  vermilion: '#D55E00',
  green: '#009E73',
  purple: '#CC79A7',
  sky: '#3C9BD6',
  orange: '#C98A00',
  grey: '#7F8790',
} as const;

/** Names of lying bars from the top, and what each is drawn by. */
export const rowsOf = ({ series }: Panel): { name: string; value: number; color: string }[] =>
  series.flatMap(({ x, y, color }) => x.map((name, i) => ({ name: String(name), value: y[i]!, color })));
