/** Published rows for `metrics audit`: the paper's Tables 5 and 7, each row with its label, and their tests. */
import { type AuditResult, auditRow, type PublishedRow } from '../metrics/audit.ts';
import { type PublishedCell, published, publishedSamples } from './published.ts';
import { methodIds, sampleIds } from './results.ts';

export interface LabelledRow<Label extends object = Record<string, string>> {
  /** The row's name: table, image, method, or any columns of a CSV. */
  readonly label: Label;
  readonly printed: PublishedRow;
}

export interface AuditedRow extends LabelledRow {
  readonly results: readonly AuditResult[];
}

export const auditOf = <Row extends LabelledRow>(row: Row): Row & { readonly results: AuditResult[] } => ({
  ...row,
  results: auditRow(row.printed),
});

type Label = { readonly table: string; readonly image: string; readonly method: string };

/** Table 5, samples taken as RGB at the published sizes: N = 3 H W. */
export const rowsOfTable5 = (): LabelledRow<Label>[] =>
  sampleIds.flatMap((image) =>
    methodIds.map((method) => rowOf(5, image, method, publishedSamples(image) ?? null)),
  );

/** Table 7; the paper prints no sizes for it, so N is null. */
export function rowsOfTable7(): LabelledRow<Label>[] {
  const cells = published.filter(({ table, measure }) => table === 7 && measure === 'npcr');
  return cells.map(({ image, method }) => rowOf(7, image, method, null));
}

function rowOf(table: number, image: string, method: string, n: number | null): LabelledRow<Label> {
  const own = published.filter((c) => c.table === table && c.image === image && c.method === method);
  const uaci = printOf(own, 'uaci');
  const [npcr, mse] = [printOf(own, 'npcr'), printOf(own, 'mse')];
  const [psnr, entropy] = [printOf(own, 'psnr'), printOf(own, 'entropy')];
  return { label: { table: String(table), image, method }, printed: { uaci, npcr, mse, psnr, entropy, n } };
}

const printOf = (cells: readonly PublishedCell[], measure: string): string | null => {
  const cell = cells.find((c) => c.measure === measure);
  return cell && cell.value !== null ? cell.printed : null;
};
