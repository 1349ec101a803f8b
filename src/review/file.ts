/** A table of a file, or the paper's, to its review. */
import { InputError } from '../shared/errors.ts';
import { readInput, writeWhole } from '../shared/files.ts';
import { paperTable } from './paper.ts';
import { review } from './review.ts';
import { readReviewTable } from './table.ts';
import { memoOf, reviewJson } from './text.ts';

export interface ReviewOptions {
  readonly level: number;
  readonly labels: readonly string[];
  /** Markdown file. */
  readonly out?: string | undefined;
}

/** @param path a CSV or Markdown file; `paper` for the paper's own tables */
export async function reviewFile(path: string, { level, labels, out }: ReviewOptions) {
  if (!(level > 0 && level <= 0.5))
    throw new InputError(`--level expected a number above 0 and at most 0.5, got ${level}; take 0.01`);
  const table =
    path === 'paper'
      ? paperTable()
      : readReviewTable((await readInput(path, 'table')).toString('utf8'), path, { labels });
  const reviewed = review(table, level);
  if (out !== undefined) await writeWhole(out, `${memoOf(path, reviewed, true)}\n`);
  const memo = memoOf(path, reviewed, false);
  return { json: reviewJson(path, reviewed), text: out === undefined ? memo : `${memo}\n\nmemo: ${out}` };
}
