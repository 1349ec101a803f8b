/** What a section of the report is, and what it is made from. */

import type { RecoveredPicture } from '../tables/recovered.ts';
import type { ReproductionResults } from '../tables/results.ts';
import type { Table } from '../tables/tables.ts';
import type { AttackShown } from './attack-section.ts';
import type { Figure } from './figure.ts';
import type { Picture } from './pictures.ts';

export interface ReportInput {
  readonly results: ReproductionResults;
  readonly tables: readonly Table[];
  readonly figures: readonly Figure[];
  /** Of src/report/pictures.ts; an image without one is listed without thumbnails. */
  readonly pictures: readonly Picture[];
  /** Of OUT/attacks/attacks.json; none where the attacks were not run. */
  readonly attacks: readonly AttackShown[];
  /** Of OUT/recovered.json: cipher pictures that were searched for their key; none where the run did not search. */
  readonly recovered: readonly RecoveredPicture[];
  /** What the run lacks, a sentence each (missing.ts). */
  readonly missing: readonly string[];
  /** The run's folder OUT, for what a section reads by itself. */
  readonly folder: string;
}

export interface Section {
  /** Anchor, and id of its element. */
  readonly id: string;
  readonly title: string;
  /** Inner HTML below the heading; empty text leaves the section and its link out. */
  readonly render: (input: ReportInput) => string | Promise<string>;
}
