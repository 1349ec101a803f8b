/** A table of a file, or the paper's, to its review. */
import { InputError } from '../shared/errors.ts';
import { readInput, writeWhole } from '../shared/files.ts';
import { isStandard, shownName } from '../shared/standard-streams.ts';
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
      : readReviewTable((await readInput(path, 'table')).toString('utf8'), shownName(path), { labels });
  const reviewed = review(table, level);
  const name = shownName(path);
  const markdown = `${memoOf(name, reviewed, true)}\n`;
  const json = reviewJson(name, reviewed);
  if (isStandard(out)) return { json, text: markdown.trimEnd() };
  if (out !== undefined) await writeWhole(out, markdown);
  const memo = memoOf(name, reviewed, false);
  return { json, text: out === undefined ? memo : `${memo}\n\nmemo: ${out}` };
}
